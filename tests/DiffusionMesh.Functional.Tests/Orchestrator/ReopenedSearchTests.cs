using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What the search service promises of searches that are resumed after their end, and of those that are deleted.</summary>
public sealed class ReopenedSearchTests : IAsyncLifetime
{
    private const int Steps = ScriptedDenoiser.Steps;

    private ScriptedMesh _mesh = null!;

    private OrchestratorMesh Orchestrator => _mesh.Orchestrator;

    public async Task InitializeAsync() => _mesh = await ScriptedMesh.StartAsync();

    public async Task DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task ResumeSearch_OfACancelledOne_PaysOnlyTheRestAndEndsTheSame()
    {
        _mesh.AtSeventhAnswer = ScriptedMesh.NeverAsync;
        var search = await Orchestrator.CreateAsync(OrchestratorMesh.Spec());
        await Orchestrator.WaitForCandidatesAsync(search.Id, 6);
        var cancelled = await Orchestrator.CancelAsync(search.Id);
        var lost = cancelled.Ledger.NfeWasted;
        _mesh.AtSeventhAnswer = _ => Task.CompletedTask;

        var resumed = await ResumeAsync(search.Id);
        var events = await Orchestrator.WatchAsync(search.Id);
        var end = events[^1].SearchFinished;
        var answered = _mesh.Denoiser.Answered;
        var undisturbed = await Orchestrator.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(SearchState.Cancelled, cancelled.State);
        Assert.NotEqual(SearchState.Cancelled, resumed.State);
        Assert.Equal((SearchState.Succeeded, undisturbed.Ledger.NfeSearch, lost), (end.State, end.Ledger.NfeSearch, end.Ledger.NfeWasted));
        Assert.Equal(undisturbed.Candidates, end.Candidates);
        Assert.Equal(undisturbed.Best, end.Best);
        Assert.Equal(undisturbed.Ledger.VerifierCalls, end.Ledger.VerifierCalls);
        Assert.Equal(12, answered);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long)number), events.Select(happened => happened.EventNumber));
        Assert.Equal(2, events.Count(happened => happened.SearchFinished is not null));
        Assert.Equal([0, 1, 2], events.Where(happened => happened.RoundStarted is not null).Select(happened => happened.RoundStarted.Round));
    }

    [Fact]
    public async Task ResumeSearch_OfOneThatRanOutOfTime_GetsItsTimeOnceMore()
    {
        var limit = TimeSpan.FromSeconds(1);
        var spec = OrchestratorMesh.Spec();
        spec.MaxDuration = Duration.FromTimeSpan(limit);
        _mesh.AtSeventhAnswer = async _ =>
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) <= limit)
            {
                await Task.Yield();
            }
        };

        var search = await Orchestrator.RunAsync(spec);
        var first = search;
        for (var resumes = 0; search.StopReason == StopReason.TimeLimit; resumes++)
        {
            Assert.InRange(resumes, 0, 100);
            await ResumeAsync(search.Id);
            search = (await Orchestrator.WatchAsync(search.Id))[^1].SearchFinished;
        }

        Assert.Equal((SearchState.Succeeded, StopReason.TimeLimit), (first.State, first.StopReason));
        Assert.Equal((StopReason.BudgetSpent, 12 * Steps), (search.StopReason, search.Ledger.NfeTotal));
        Assert.Equal((await Orchestrator.RunAsync(OrchestratorMesh.Spec())).Candidates, search.Candidates);
    }

    [Fact]
    public async Task ResumeSearch_OfOneThatFailedForWantOfScores_AsksForThemAgain()
    {
        var spec = OrchestratorMesh.Spec();
        spec.Verifiers[0].OnFailure = FailurePolicy.Fail;
        _mesh.Score = (_, call) => call > 1 ? throw new RpcException(new Grpc.Core.Status(StatusCode.Internal, "broken")) : Task.CompletedTask;
        var failed = await Orchestrator.RunAsync(spec);
        _mesh.Score = (_, _) => Task.CompletedTask;

        await ResumeAsync(failed.Id);
        var end = (await Orchestrator.WatchAsync(failed.Id))[^1].SearchFinished;

        Assert.Equal(SearchState.Failed, failed.State);
        Assert.Equal((SearchState.Succeeded, "", 12 * Steps), (end.State, end.Error, end.Ledger.NfeTotal));
        Assert.All(end.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
    }

    [Fact]
    public async Task ResumeSearch_OfOneThatIsCompleteOrRuns_IsRefused()
    {
        var complete = await Orchestrator.RunAsync(OrchestratorMesh.Spec());
        var running = await StartEndlessAsync();

        Assert.Equal("SEARCH_COMPLETE", await RefusedAsync(() => ResumeAsync(complete.Id)));
        Assert.Equal("SEARCH_NOT_ENDED", await RefusedAsync(() => ResumeAsync(running)));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => ResumeAsync("none"))).StatusCode);
        await Orchestrator.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = running });
    }

    [Fact]
    public async Task DeleteSearch_ThatHasEnded_LeavesNothing()
    {
        var search = (await Orchestrator.WatchAsync((await Orchestrator.CreateAsync(OrchestratorMesh.Spec(), "once")).Id))[^1].SearchFinished;
        var folder = _mesh.FolderOf(search.Id);
        Assert.True(Directory.Exists(folder));

        await DeleteAsync(search.Id);

        Assert.False(Directory.Exists(folder));
        Assert.Empty((await Orchestrator.Client.ListSearchesAsync(new ListSearchesRequest())).Searches);
        foreach (var call in (Func<Task>[])
            [
                async () => await Orchestrator.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id }),
                async () => await Orchestrator.Client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = search.Id }),
                () => Orchestrator.WatchAsync(search.Id),
                () => DeleteAsync(search.Id),
            ])
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }

        Assert.NotEqual(search.Id, (await Orchestrator.CreateAsync(OrchestratorMesh.Spec(), "once")).Id);
    }

    [Fact]
    public async Task DeleteSearch_ThatRuns_IsRefusedUntilItIsCancelled()
    {
        var id = await StartEndlessAsync();

        Assert.Equal("SEARCH_NOT_ENDED", await RefusedAsync(() => DeleteAsync(id)));
        await Orchestrator.CancelAsync(id);
        await DeleteAsync(id);

        Assert.Empty((await Orchestrator.Client.ListSearchesAsync(new ListSearchesRequest())).Searches);
    }

    // A search whose samples come once it is cancelled.
    private async Task<string> StartEndlessAsync()
    {
        _mesh.AtSeventhAnswer = _mesh.AtOtherAnswers = ScriptedMesh.NeverAsync;
        var search = await Orchestrator.CreateAsync(OrchestratorMesh.Spec());
        await Orchestrator.WatchUntilAsync(search.Id, happened => happened.RoundStarted is not null);
        return search.Id;
    }

    private async Task<SearchMessage> ResumeAsync(string id) => (await Orchestrator.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = id })).Search;

    private async Task DeleteAsync(string id) => await Orchestrator.Client.DeleteSearchAsync(new DeleteSearchRequest { SearchId = id });

    private static async Task<string?> RefusedAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        return RpcErrors.Detail<ErrorInfo>(error)?.Reason;
    }
}
