using System.Diagnostics;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf.WellKnownTypes;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What the search service promises of searches that are run again from nothing.</summary>
public sealed class ReplayedSearchTests : IAsyncLifetime
{
    private const int Steps = ScriptedDenoiser.Steps;

    private ScriptedMesh _mesh = null!;

    private OrchestratorMesh Orchestrator => _mesh.Orchestrator;

    public async Task InitializeAsync() => _mesh = await ScriptedMesh.StartAsync();

    public async Task DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task ReplaySearch_OfACompleteOne_PaysAllAgainAndIsIdentical()
    {
        var original = await Orchestrator.RunAsync(OrchestratorMesh.Spec());

        var replay = await Orchestrator.ReplayAsync(original.Id);
        var again = await Orchestrator.ReplayAsync(replay.Id);

        AssertIdentical(original, replay, candidates: 12);
        AssertIdentical(replay, again, candidates: 12);
        Assert.Equal(original.Best, replay.Best);
        Assert.Equal(3 * 12, _mesh.Denoiser.Answered);
        Assert.Equal(original, (await Orchestrator.Client.GetSearchAsync(new GetSearchRequest { SearchId = original.Id })).Search);
    }

    [Fact]
    public async Task ReplaySearch_OfOneCancelledInARound_EndsThereWithTheSameSamples()
    {
        _mesh.AtSeventhAnswer = ScriptedMesh.NeverAsync;
        var original = await Orchestrator.CreateAsync(OrchestratorMesh.Spec());
        await Orchestrator.WaitForCandidatesAsync(original.Id, 6);
        original = await Orchestrator.CancelAsync(original.Id);
        _mesh.AtSeventhAnswer = _ => Task.CompletedTask;

        var replay = await Orchestrator.ReplayAsync(original.Id);

        AssertIdentical(original, replay, candidates: 8);
        Assert.Equal((SearchState.Cancelled, 6 * Steps), (replay.State, replay.Ledger.NfeSearch));
        Assert.Equal(12, _mesh.Denoiser.Answered);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatRanOutOfTime_StopsThereWithoutAClock()
    {
        var limit = TimeSpan.FromSeconds(1);
        _mesh.AtSeventhAnswer = async _ =>
        {
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) <= limit;)
            {
                await Task.Yield();
            }
        };
        var spec = OrchestratorMesh.Spec();
        spec.MaxDuration = Duration.FromTimeSpan(limit);
        var original = await Orchestrator.RunAsync(spec);

        var replay = await Orchestrator.ReplayAsync(original.Id);

        Assert.Equal(StopReason.TimeLimit, original.StopReason);
        AssertIdentical(original, replay, original.Candidates.Count);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatReachedItsTarget_ReachesItAgain()
    {
        var spec = OrchestratorMesh.Spec();
        spec.TargetScore = (await Orchestrator.RunAsync(spec)).Candidates.Take(8).Max(candidate => candidate.Scores[0].Value);
        var original = await Orchestrator.RunAsync(spec);

        var replay = await Orchestrator.ReplayAsync(original.Id);

        Assert.Equal(StopReason.TargetReached, original.StopReason);
        AssertIdentical(original, replay, original.Candidates.Count);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatWasResumed_IsIdentical()
    {
        _mesh.AtSeventhAnswer = ScriptedMesh.NeverAsync;
        var search = await Orchestrator.CreateAsync(OrchestratorMesh.Spec());
        await Orchestrator.WaitForCandidatesAsync(search.Id, 6);
        await Orchestrator.CancelAsync(search.Id);
        _mesh.AtSeventhAnswer = _ => Task.CompletedTask;
        await Orchestrator.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = search.Id });
        var original = (await Orchestrator.WatchAsync(search.Id))[^1].SearchFinished;

        AssertIdentical(original, await Orchestrator.ReplayAsync(search.Id), candidates: 12);
    }

    [Fact]
    public async Task ReplaySearch_OfScoresThatNeverCame_MissesTheSame()
    {
        var bad = 0;
        _mesh.Score = (response, _) =>
        {
            foreach (var score in response.Scores.Where(_ => Interlocked.Increment(ref bad) % 3 == 0))
            {
                score.Value = double.NaN;
            }

            return Task.CompletedTask;
        };
        var original = await Orchestrator.RunAsync(OrchestratorMesh.Spec());
        _mesh.Score = (_, _) => Task.CompletedTask;

        var replay = await Orchestrator.ReplayAsync(original.Id);

        Assert.Contains(original.Candidates, candidate => candidate.State == CandidateState.Unscored);
        AssertIdentical(original, replay, candidates: 12);
    }

    internal static void AssertIdentical(SearchMessage original, SearchMessage replay, int candidates)
    {
        Assert.Empty(replay.Replay.Differences);
        Assert.Equal((true, candidates, 0L), (replay.Replay.Identical, replay.Replay.Candidates, replay.Replay.DifferencesTotal));
        Assert.Equal((original.Id, original.State, original.StopReason), (replay.ReplayOf, replay.State, replay.StopReason));
        Assert.Equal(original.Candidates, replay.Candidates);
        Assert.Equal((original.Ledger.NfeSearch, original.Ledger.NfeFinal), (replay.Ledger.NfeSearch, replay.Ledger.NfeFinal));
    }
}
