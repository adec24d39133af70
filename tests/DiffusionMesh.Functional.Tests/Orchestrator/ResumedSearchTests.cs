using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What the search service promises of searches that outlive an orchestrator.</summary>
public sealed class ResumedSearchTests : IAsyncLifetime
{
    private const int Steps = ScriptedDenoiser.Steps;

    private readonly AnswerGate _gate = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-resumed-");
    private ScriptedDenoiser _denoiser = null!;
    private RunningHost _denoiserHost = null!;
    private RunningHost _verifierHost = null!;

    // The denoiser waits before its 7th answer until the test opens the gate.
    public async Task InitializeAsync()
    {
        _denoiser = new ScriptedDenoiser { BeforeAnswer = _gate.PassAsync };
        _denoiserHost = await ScriptedServer.StartAsync(_denoiser);
        _verifierHost = await ScriptedServer.StartAsync(new ScriptedVerifier(), "--urls", OwnLoopback.Next());
    }

    public async Task DisposeAsync()
    {
        _gate.Open();
        await _denoiserHost.DisposeAsync();
        await _verifierHost.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task Search_WhoseOrchestratorIsLost_EndsAsIfNothingHadHappened()
    {
        await using var first = await StartAsync("lost");
        var search = await first.CreateAsync(OrchestratorMesh.Spec());
        await first.WaitForCandidatesAsync(search.Id, 6);
        Copy("lost", "found");
        await using var second = await StartAsync("found");
        _gate.Open();

        var events = await second.WatchAsync(search.Id);
        var undisturbed = await first.WatchAsync(search.Id);

        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(happened => happened.EventNumber));
        Assert.Equal([1L, 2L], events.Where(happened => happened.SearchStarted is not null).Select(happened => happened.SearchStarted.Epoch));
        Assert.Equal(Told(undisturbed), Told(events));
        var (end, expected) = (events[^1].SearchFinished, undisturbed[^1].SearchFinished);
        AssertSameResult(expected, end);
        Assert.Equal((0, 2 * Steps), (expected.Ledger.NfeWasted, end.Ledger.NfeWasted));
        Assert.Equal(end, (await second.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search);
    }

    [Fact]
    public async Task Orchestrator_ThatStops_LeavesItsSearchAndTellsWatchersToGoOnElsewhere()
    {
        SearchMessage search;
        long seen = 0;
        await using (var first = await StartAsync("data", "--Orchestrator:ShutdownSeconds=0"))
        {
            search = await first.CreateAsync(OrchestratorMesh.Spec());
            await first.WaitForCandidatesAsync(search.Id, 6);
            using var watch = first.Client.WatchSearch(new WatchSearchRequest { SearchId = search.Id });
            await watch.ResponseStream.MoveNext(CancellationToken.None);
            var stopping = first.Host.App.StopAsync();
            var error = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                do
                {
                    seen = watch.ResponseStream.Current.EventNumber;
                }
                while (await watch.ResponseStream.MoveNext(CancellationToken.None));
            });
            await stopping;
            Assert.Equal(StatusCode.Unavailable, error.StatusCode);
            Assert.NotNull(RpcErrors.Detail<RetryInfo>(error));
        }

        _gate.Open();
        await using var second = await StartAsync("data");
        var rest = await second.WatchAsync(search.Id, after: seen);
        var end = rest[^1].SearchFinished;
        var undisturbed = await second.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(seen + 1, rest[0].EventNumber);
        AssertSameResult(undisturbed, end);

        // What was under way was cancelled, and counted once.
        Assert.Equal(2 * Steps, end.Ledger.NfeWasted);
        var elapsed = (await second.WatchAsync(search.Id)).ConvertAll(happened => happened.Progress.Elapsed.ToTimeSpan());
        Assert.Equal(elapsed.Order(), elapsed);
    }

    [Fact]
    public async Task Search_ThatWaits_IsQueuedAndEndsAtOnceWhenCancelled()
    {
        await using var mesh = await StartAsync("data", "--Orchestrator:MaxRunningSearches=1");
        var first = await mesh.CreateAsync(OrchestratorMesh.Spec());
        await mesh.WaitForCandidatesAsync(first.Id, 6);
        var second = await mesh.CreateAsync(OrchestratorMesh.Spec());

        var cancelled = (await mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = second.Id })).Search;

        Assert.Equal(SearchState.Queued, second.State);
        Assert.Equal((SearchState.Cancelled, StopReason.Cancelled, 0L), (cancelled.State, cancelled.StopReason, cancelled.Ledger.NfeTotal));
        Assert.Equal(SearchState.Running, (await mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = first.Id })).Search.State);
        _gate.Open();
        Assert.Equal(SearchState.Succeeded, (await mesh.WatchAsync(first.Id))[^1].SearchFinished.State);
    }

    [Fact]
    public async Task CreateSearch_WhenTooManyWait_IsRefusedWithATimeToTryAgain()
    {
        await using var mesh = await StartAsync("data", "--Orchestrator:MaxRunningSearches=1", "--Orchestrator:MaxQueuedSearches=1");
        var first = await mesh.CreateAsync(OrchestratorMesh.Spec());
        await mesh.WaitForCandidatesAsync(first.Id, 6);
        await mesh.CreateAsync(OrchestratorMesh.Spec());

        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(OrchestratorMesh.Spec()));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.NotNull(RpcErrors.Detail<RetryInfo>(error));
    }

    [Fact]
    public async Task Search_WhoseVerifierIsDownWhenItIsTakenOn_WaitsForIt()
    {
        SearchMessage search;
        await using (var first = await StartAsync("data", "--Orchestrator:ShutdownSeconds=0"))
        {
            search = await first.CreateAsync(OrchestratorMesh.Spec());
            await first.WaitForCandidatesAsync(search.Id, 6);
        }

        var address = _verifierHost.Address;
        await _verifierHost.DisposeAsync();
        _gate.Open();
        await using var second = await StartAsync(
            "data", address, "--Orchestrator:RetryAttempts=0", "--Orchestrator:DescribeTimeoutSeconds=1");
        using var watch = second.Client.WatchSearch(new WatchSearchRequest { SearchId = search.Id });
        await foreach (var happened in watch.ResponseStream.ReadAllAsync())
        {
            if (happened.SearchStarted is { Epoch: 2 })
            {
                break;
            }
        }

        _verifierHost = await ScriptedServer.StartAsync(new ScriptedVerifier(), "--urls", address.ToString());

        Assert.Equal((SearchState.Succeeded, ""), (await second.WatchAsync(search.Id))[^1].SearchFinished is var end ? (end.State, end.Error) : default);
    }

    [Fact]
    public async Task Search_WhoseJournalIsDamaged_FailsAndGoesOnOnceItIsMended()
    {
        await using var first = await StartAsync("lost");
        var search = await first.CreateAsync(OrchestratorMesh.Spec());
        await first.WaitForCandidatesAsync(search.Id, 6);
        Copy("lost", "found");
        var path = Path.Combine(_data.FullName, "found", "searches", search.Id, "journal.jsonl");
        var lines = await File.ReadAllLinesAsync(path);
        await File.WriteAllTextAsync(path, string.Join('\n', [.. lines[..^3], "{ rubbish", .. lines[^2..]]) + "\n");
        _gate.Open();

        await using (var second = await StartAsync("found"))
        {
            var storage = second.Host.App.Services.GetRequiredService<ISearchStorage>();
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            await foreach (var entry in storage.FollowAsync(search.Id, lines.Length, patience.Token))
            {
                Assert.Equal(SearchState.Failed, entry.Event.SearchFinished.State);
                break;
            }

            var listed = Assert.Single((await second.Client.ListSearchesAsync(new ListSearchesRequest())).Searches);
            var error = await Assert.ThrowsAsync<RpcException>(() => second.WatchAsync(search.Id));
            Assert.Contains($"{path}: line {lines.Length - 2} cannot be read", listed.Error, StringComparison.Ordinal);
            Assert.InRange(listed.Ledger.NfeTotal, 4 * Steps, 6 * Steps);
            Assert.Equal((StatusCode.DataLoss, listed.Error), (error.StatusCode, error.Status.Detail));
        }

        await File.WriteAllTextAsync(path, string.Join('\n', [.. lines, (await File.ReadAllLinesAsync(path))[^1]]) + "\n");
        await using var third = await StartAsync("found");
        await third.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = search.Id });

        AssertSameResult((await first.WatchAsync(search.Id))[^1].SearchFinished, (await third.WatchAsync(search.Id))[^1].SearchFinished);
        await third.Client.DeleteSearchAsync(new DeleteSearchRequest { SearchId = search.Id });
    }

    private static void AssertSameResult(SearchMessage expected, SearchMessage actual)
    {
        Assert.Equal(expected.Candidates, actual.Candidates);
        Assert.Equal(expected.Best, actual.Best);
        Assert.Equal((SearchState.Succeeded, expected.Ledger.NfeSearch), (actual.State, actual.Ledger.NfeSearch));
        Assert.Equal(expected.Ledger.VerifierCalls, actual.Ledger.VerifierCalls);
    }

    // What watchers are told of, each once, less when and on which orchestrator.
    private static IEnumerable<string> Told(IEnumerable<WatchSearchResponse> events) => events
        .Select(happened => happened.EventCase switch
        {
            WatchSearchResponse.EventOneofCase.RoundStarted => $"round {happened.RoundStarted.Round}",
            WatchSearchResponse.EventOneofCase.CandidateFinished => $"candidate {happened.CandidateFinished}",
            WatchSearchResponse.EventOneofCase.RoundFinished => $"end of round {happened.RoundFinished.Round}",
            _ => "",
        })
        .Where(told => told.Length > 0)
        .Order(StringComparer.Ordinal);

    private Task<OrchestratorMesh> StartAsync(string data, params string[] args) => StartAsync(data, _verifierHost.Address, args);

    private Task<OrchestratorMesh> StartAsync(string data, Uri verifier, params string[] args) => OrchestratorMesh.StartAsync(
        _denoiserHost.Address,
        [("brightness", verifier)],
        [$"--Orchestrator:DataDirectory={Path.Combine(_data.FullName, data)}", .. args]);

    private void Copy(string from, string to) => DataFolder.Copy(Path.Combine(_data.FullName, from), Path.Combine(_data.FullName, to));
}
