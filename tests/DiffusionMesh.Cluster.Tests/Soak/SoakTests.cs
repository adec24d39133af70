using System.Collections.Concurrent;
using System.Globalization;
using DiffusionMesh.Cluster.Tests.Cluster;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cluster.Tests.Soak;

/// <summary>
/// Searches of every algorithm, four at a time, while pods of all kinds are killed, paused and cut off at random: each ends
/// as it does undisturbed, and nothing grows. As long as SOAK_MINUTES says; a quarter of a minute unless told.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class SoakTests(RunningCluster cluster) : IAsyncLifetime
{
    private const int AtOnce = 4;
    private const int Seed = 20;

    // Through all that may come together.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Between = TimeSpan.FromSeconds(5);

    private static readonly string[] Algorithms =
        ["random", "successive-halving", "tree", "zero-order", "evolutionary", "fk-steering", "epsilon-greedy", "paths"];

    // Never killed, so that what they hold can be seen over the whole time.
    private static readonly string[] Spared = ["orchestrator-1", "denoiser-1", "verifier-1"];

    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentQueue<SearchRun> _runs = new();
    private readonly ConcurrentQueue<Ledger> _ledgers = new();
    private int _next;

    private static TimeSpan Duration { get; } = TimeSpan.FromMinutes(
        double.Parse(Environment.GetEnvironmentVariable("SOAK_MINUTES") ?? "0.25", CultureInfo.InvariantCulture));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Machine.Skip is null ? cluster.HealAsync() : Task.CompletedTask;

    [ClusterFact]
    public async Task Searches_WhateverBefallsPods_EndAsUndisturbedAndHoldNoMemory()
    {
        foreach (var algorithm in Algorithms)
        {
            await cluster.UndisturbedAsync(Specs.Middle(algorithm));
        }

        using var until = new CancellationTokenSource(Duration);
        Trouble[] troubles =
        [
            new(Pods("denoiser-1", "denoiser-2", "denoiser-3", "verifier-1", "verifier-2", "verifier-3"), Spared, Seed),
            new(Pods("orchestrator-1", "orchestrator-2", "postgres"), Spared, Seed + 1),
        ];
        Memory[] memories = [.. Pods(Spared).Select(pod => new Memory(pod))];
        await Task.WhenAll([
            .. Enumerable.Range(0, AtOnce).Select(user => SearchAsync(user, until.Token)),
            .. troubles.Select(trouble => trouble.MakeAsync(until.Token)),
            WeighAsync(memories, until.Token)]);

        Write(troubles, memories);
        Assert.Empty(_wrong);
        Assert.All(memories.Where(memory => !memory.IsShort), memory => Assert.True(
            memory.Third(2) < (1.15 * memory.Third(1)) + 10, $"{memory.Name} grew from {memory.Third(1)} to {memory.Third(2)} MiB"));
    }

    private Pod[] Pods(params string[] names) => [.. names.Select(name => cluster[name])];

    private async Task SearchAsync(int user, CancellationToken until)
    {
        // Not all at the same orchestrator.
        SearchService.SearchServiceClient[] clients = [.. cluster.Clients.Skip(user % 2), .. cluster.Clients.Take(user % 2)];
        while (!until.IsCancellationRequested)
        {
            var algorithm = Algorithms[Interlocked.Increment(ref _next) % Algorithms.Length];
            var spec = Specs.Middle(algorithm);
            var expected = await cluster.UndisturbedAsync(spec);
            var id = "none";
            try
            {
                var run = await SearchRun.StartAsync(
                    clients, new CreateSearchRequest { Spec = spec, RequestId = Guid.NewGuid().ToString() }, Patience);
                id = run.Id;
                var search = await run.EndAsync();
                var answer = await SearchRun.AnyAsync(clients, client => Answer.OfAsync(search, client));
                expected.AssertSameResult(answer);
                _runs.Enqueue(run);
                _ledgers.Enqueue(search.Ledger);
                Reliability.Note($"{algorithm} {id} ended after {run.Took.TotalSeconds:0} s, {run.Breaks} breaks, {search.Ledger.NfeWasted} NFE wasted");
            }
            catch (Exception e)
            {
                _wrong.Enqueue($"{algorithm} {id}: {e.Message}");
                Reliability.Note($"WRONG {algorithm} {id}: {e}");
            }
        }
    }

    private static async Task WeighAsync(Memory[] memories, CancellationToken until)
    {
        using var timer = new PeriodicTimer(Between);
        try
        {
            do
            {
                Array.ForEach(memories, memory => memory.Sample());
            }
            while (await timer.WaitForNextTickAsync(until));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Write(Trouble[] troubles, Memory[] memories)
    {
        Row("0", "minutes", $"{Duration.TotalMinutes}");
        Row("1", "searches, four at a time, of eight algorithms in turn", $"{_runs.Count + _wrong.Count}");
        Row("2", "of them ended as they do undisturbed", $"{_runs.Count}");
        Row("3", "longest search", $"{(_runs.IsEmpty ? 0 : _runs.Max(run => run.Took.TotalSeconds)):0} s");
        Row("4", "streams of events broken, and resumed without gap or double", $"{_runs.Sum(run => run.Breaks)}");
        Row("5", "NFE of the searches; lost, and evaluated again", $"{_ledgers.Sum(ledger => ledger.NfeSearch + ledger.NfeFinal)}; {_ledgers.Sum(ledger => ledger.NfeWasted)}");
        foreach (var kind in troubles.SelectMany(trouble => trouble.Done).GroupBy(done => done.Key).OrderBy(kind => kind.Key, StringComparer.Ordinal))
        {
            Row($"6 {kind.Key}", $"times that a pod was {kind.Key}", $"{kind.Sum(done => done.Value)}");
        }

        foreach (var memory in memories)
        {
            Reliability.Row(
                "memory", memory.Name, [memory.Name, .. Enumerable.Range(0, 3).Select(memory.Third).Append(memory.Most).Select(size => size.ToString("0", CultureInfo.InvariantCulture))]);
        }
    }

    private static void Row(string order, string what, FormattableString value) =>
        Reliability.Row("soak", order, what, value.ToString(CultureInfo.InvariantCulture));
}
