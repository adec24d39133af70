using System.Collections.Concurrent;
using System.Globalization;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cluster.Tests.Kills;

/// <summary>
/// An orchestrator that dies at any write to a journal costs nothing but what was under way: in CI at the first write, the
/// last and drawn ones; at all of them where <c>tests/cluster/kill-all.sh</c> asks for it.
/// </summary>
public sealed class JournalKillTests(LocalServices services) : IClassFixture<LocalServices>
{
    // Of a run directory: what kill_at_write.c knows.
    private static readonly string[] FileMoments = ["torn", "durable", "before", "unsynced"];

    private static readonly string[] DatabaseMoments = [DatabaseKill.Kept, DatabaseKill.Lost];

    private static readonly string[] Algorithms =
        ["epsilon-greedy", "evolutionary", "fk-steering", "paths", "random", "successive-halving", "tree", "zero-order"];

    private static readonly bool All = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KILL_AT_EVERY_WRITE"));
    private static readonly int AtOnce = int.Parse(Environment.GetEnvironmentVariable("KILLS_AT_ONCE") ?? "2", CultureInfo.InvariantCulture);

    public static TheoryData<string> InRunDirectories => [.. Algorithms];

    public static TheoryData<string> InDatabases => All ? [.. Algorithms] : ["random", "tree"];

    [ClusterTheory]
    [MemberData(nameof(InRunDirectories))]
    public Task Orchestrator_KilledAtAWriteToItsRunDirectory_GoesOnToTheSameResult(string algorithm) =>
        ProveAsync("kills", algorithm, spec => new FileKill(services, spec), FileMoments, drawn: 5);

    [ClusterTheory]
    [MemberData(nameof(InDatabases))]
    public Task Orchestrator_KilledAtAWriteToTheDatabase_TheOtherGoesOnToTheSameResult(string algorithm) =>
        ProveAsync("database-kills", algorithm, spec => new DatabaseKill(services, spec), DatabaseMoments, drawn: 2);

    private static async Task ProveAsync(string table, string algorithm, Func<SearchSpec, IKilledSearch> search, string[] moments, int drawn)
    {
        await using var first = search(Specs.Short(algorithm));
        var (expected, writes) = await first.UndisturbedAsync();
        var done = new KillsDone(table, algorithm);
        var chosen = Choose(writes, moments, drawn).ToArray();
        var left = new ConcurrentQueue<(int? Write, string Moment)>(chosen.Where(kill => !done.Holds(kill)));
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async lane =>
        {
            await using var other = lane == 0 ? null : search(Specs.Short(algorithm));
            while (left.TryDequeue(out var kill))
            {
                if (await (other ?? first).KilledAsync(kill.Write, kill.Moment) is { } answer)
                {
                    expected.AssertSame(answer, losses: 1);
                    done.Add(kill, answer.Outcome.Ledger.NfeWasted);
                }
                else if (!All)
                {
                    left.Enqueue((kill.Write / 2, kill.Moment));
                }
            }
        }));

        // How appends fall together differs from run to run, and with the load: the highest numbers may not come up, and
        // where not every write is wanted an earlier one takes their place.
        Assert.True(All ? done.Count >= writes / 2 : done.Kills >= chosen.Length, $"{done.Kills} kills at {writes} writes");
        Reliability.Row(
            table,
            algorithm,
            algorithm,
            string.Create(CultureInfo.InvariantCulture, $"{writes}"),
            string.Create(CultureInfo.InvariantCulture, $"{done.Count}"),
            "all",
            string.Create(CultureInfo.InvariantCulture, $"{done.Average:0.0}, at most {done.Most}"),
            string.Create(CultureInfo.InvariantCulture, $"{expected.Outcome.Ledger.NfeSearch}"));
    }

    // At every write one of the moments, in turn; the last write counts from the end.
    private static IEnumerable<(int? Write, string Moment)> Choose(int writes, string[] moments, int drawn)
    {
        var draw = new Random(writes);
        var chosen = All ? Enumerable.Range(1, writes) : Enumerable.Range(2, writes * 2 / 3).OrderBy(_ => draw.Next()).Take(drawn).Prepend(1);
        return chosen.Select((write, i) => ((int?)write, moments[i % moments.Length])).Append((null, moments[0]));
    }
}
