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

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-reopened-");
    private Func<ServerCallContext, Task> _atSeventh = _ => Task.CompletedTask;
    private Func<ServerCallContext, Task> _always = _ => Task.CompletedTask;
    private volatile bool _isDown;
    private ScriptedDenoiser _denoiser = null!;
    private OrchestratorMesh _mesh = null!;

    public async Task InitializeAsync()
    {
        _denoiser = new ScriptedDenoiser { BeforeAnswer = (answered, context) => answered == 6 ? _atSeventh(context) : _always(context) };
        var verifier = new ScriptedVerifier
        {
            Change = (_, call, _) => _isDown && call > 1
                ? throw new RpcException(new Grpc.Core.Status(StatusCode.Internal, "broken"))
                : Task.CompletedTask,
        };
        _mesh = await OrchestratorMesh.StartAsync(_denoiser, verifier, $"--Orchestrator:DataDirectory={_data.FullName}");
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task ResumeSearch_OfACancelledOne_PaysOnlyTheRestAndEndsTheSame()
    {
        _atSeventh = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _mesh.WaitForCandidatesAsync(search.Id, 6);
        var cancelled = (await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = search.Id })).Search;
        var lost = cancelled.Ledger.NfeWasted;
        _atSeventh = _ => Task.CompletedTask;

        var resumed = await ResumeAsync(search.Id);
        var events = await _mesh.WatchAsync(search.Id);
        var end = events[^1].SearchFinished;
        var answered = _denoiser.Answered;
        var undisturbed = await _mesh.RunAsync(OrchestratorMesh.Spec());

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
        _atSeventh = async _ =>
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) <= limit)
            {
                await Task.Yield();
            }
        };

        var search = await _mesh.RunAsync(spec);
        var first = search;
        for (var resumes = 0; search.StopReason == StopReason.TimeLimit; resumes++)
        {
            Assert.InRange(resumes, 0, 100);
            await ResumeAsync(search.Id);
            search = (await _mesh.WatchAsync(search.Id))[^1].SearchFinished;
        }

        Assert.Equal((SearchState.Succeeded, StopReason.TimeLimit), (first.State, first.StopReason));
        Assert.Equal((StopReason.BudgetSpent, 12 * Steps), (search.StopReason, search.Ledger.NfeTotal));
        Assert.Equal((await _mesh.RunAsync(OrchestratorMesh.Spec())).Candidates, search.Candidates);
    }

    [Fact]
    public async Task ResumeSearch_OfOneThatFailedForWantOfScores_AsksForThemAgain()
    {
        var spec = OrchestratorMesh.Spec();
        spec.Verifiers[0].OnFailure = FailurePolicy.Fail;
        _isDown = true;
        var failed = await _mesh.RunAsync(spec);
        _isDown = false;

        await ResumeAsync(failed.Id);
        var end = (await _mesh.WatchAsync(failed.Id))[^1].SearchFinished;

        Assert.Equal(SearchState.Failed, failed.State);
        Assert.Equal((SearchState.Succeeded, "", 12 * Steps), (end.State, end.Error, end.Ledger.NfeTotal));
        Assert.All(end.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
    }

    [Fact]
    public async Task ResumeSearch_OfOneThatIsCompleteOrRuns_IsRefused()
    {
        var complete = await _mesh.RunAsync(OrchestratorMesh.Spec());
        var running = await StartEndlessAsync();

        Assert.Equal("SEARCH_COMPLETE", await RefusedAsync(() => ResumeAsync(complete.Id)));
        Assert.Equal("SEARCH_NOT_ENDED", await RefusedAsync(() => ResumeAsync(running)));
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => ResumeAsync("none"))).StatusCode);
        await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = running });
    }

    [Fact]
    public async Task DeleteSearch_ThatHasEnded_LeavesNothing()
    {
        var search = (await _mesh.WatchAsync((await _mesh.CreateAsync(OrchestratorMesh.Spec(), "once")).Id))[^1].SearchFinished;
        var folder = Path.Combine(_data.FullName, "searches", search.Id);
        Assert.True(Directory.Exists(folder));

        await DeleteAsync(search.Id);

        Assert.False(Directory.Exists(folder));
        Assert.Empty((await _mesh.Client.ListSearchesAsync(new ListSearchesRequest())).Searches);
        foreach (var call in (Func<Task>[])
            [
                async () => await _mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id }),
                async () => await _mesh.Client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = search.Id }),
                () => _mesh.WatchAsync(search.Id),
                () => DeleteAsync(search.Id),
            ])
        {
            Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
        }

        Assert.NotEqual(search.Id, (await _mesh.CreateAsync(OrchestratorMesh.Spec(), "once")).Id);
    }

    [Fact]
    public async Task DeleteSearch_ThatRuns_IsRefusedUntilItIsCancelled()
    {
        var id = await StartEndlessAsync();

        Assert.Equal("SEARCH_NOT_ENDED", await RefusedAsync(() => DeleteAsync(id)));
        await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = id });
        await _mesh.WatchAsync(id);
        await DeleteAsync(id);

        Assert.Empty((await _mesh.Client.ListSearchesAsync(new ListSearchesRequest())).Searches);
    }

    // A search whose samples come once it is cancelled.
    private async Task<string> StartEndlessAsync()
    {
        _always = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _mesh.WatchUntilAsync(search.Id, happened => happened.RoundStarted is not null);
        return search.Id;
    }

    private async Task<SearchMessage> ResumeAsync(string id) => (await _mesh.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = id })).Search;

    private async Task DeleteAsync(string id) => await _mesh.Client.DeleteSearchAsync(new DeleteSearchRequest { SearchId = id });

    private static async Task<string?> RefusedAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        return RpcErrors.Detail<ErrorInfo>(error)?.Reason;
    }
}
