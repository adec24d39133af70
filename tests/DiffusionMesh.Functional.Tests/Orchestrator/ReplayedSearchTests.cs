using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What the search service promises of searches that are run again from nothing.</summary>
public sealed class ReplayedSearchTests : IAsyncLifetime
{
    private const int Steps = ScriptedDenoiser.Steps;

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("dmesh-replayed-");
    private Func<ServerCallContext, Task> _atSeventh = _ => Task.CompletedTask;
    private Func<DiffusionMesh.Contracts.VerifierV1.ScoreResponse, Task> _score = _ => Task.CompletedTask;
    private ScriptedDenoiser _denoiser = null!;
    private RunningHost _denoiserHost = null!;
    private RunningHost _verifierHost = null!;
    private OrchestratorMesh _mesh = null!;

    public async Task InitializeAsync()
    {
        _denoiser = new ScriptedDenoiser { BeforeAnswer = (answered, context) => answered == 6 ? _atSeventh(context) : Task.CompletedTask };
        _denoiserHost = await ScriptedServer.StartAsync(_denoiser);
        _verifierHost = await ScriptedServer.StartAsync(new ScriptedVerifier { Change = (response, _, _) => _score(response) });
        _mesh = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _mesh.DisposeAsync();
        await _denoiserHost.DisposeAsync();
        await _verifierHost.DisposeAsync();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task ReplaySearch_OfACompleteOne_PaysAllAgainAndIsIdentical()
    {
        var original = await _mesh.RunAsync(OrchestratorMesh.Spec());

        var replay = await ReplayAsync(original.Id);
        var again = await ReplayAsync(replay.Id);

        AssertIdentical(original, replay, candidates: 12);
        AssertIdentical(replay, again, candidates: 12);
        Assert.Equal(original.Best, replay.Best);
        Assert.Equal(3 * 12, _denoiser.Answered);
        Assert.Equal(original, (await _mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = original.Id })).Search);
    }

    [Fact]
    public async Task ReplaySearch_OfOneCancelledInARound_EndsThereWithTheSameSamples()
    {
        _atSeventh = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        var original = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _mesh.WaitForCandidatesAsync(original.Id, 6);
        original = (await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = original.Id })).Search;
        _atSeventh = _ => Task.CompletedTask;

        var replay = await ReplayAsync(original.Id);

        AssertIdentical(original, replay, candidates: 8);
        Assert.Equal((SearchState.Cancelled, 6 * Steps), (replay.State, replay.Ledger.NfeSearch));
        Assert.Equal(12, _denoiser.Answered);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatRanOutOfTime_StopsThereWithoutAClock()
    {
        var limit = TimeSpan.FromSeconds(1);
        _atSeventh = async _ =>
        {
            for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) <= limit;)
            {
                await Task.Yield();
            }
        };
        var spec = OrchestratorMesh.Spec();
        spec.MaxDuration = Duration.FromTimeSpan(limit);
        var original = await _mesh.RunAsync(spec);

        var replay = await ReplayAsync(original.Id);

        Assert.Equal(StopReason.TimeLimit, original.StopReason);
        AssertIdentical(original, replay, original.Candidates.Count);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatReachedItsTarget_ReachesItAgain()
    {
        var spec = OrchestratorMesh.Spec();
        spec.TargetScore = (await _mesh.RunAsync(spec)).Candidates.Take(8).Max(candidate => candidate.Scores[0].Value);
        var original = await _mesh.RunAsync(spec);

        var replay = await ReplayAsync(original.Id);

        Assert.Equal(StopReason.TargetReached, original.StopReason);
        AssertIdentical(original, replay, original.Candidates.Count);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatWasResumed_IsIdentical()
    {
        _atSeventh = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _mesh.WaitForCandidatesAsync(search.Id, 6);
        await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = search.Id });
        _atSeventh = _ => Task.CompletedTask;
        await _mesh.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = search.Id });
        var original = (await _mesh.WatchAsync(search.Id))[^1].SearchFinished;

        AssertIdentical(original, await ReplayAsync(search.Id), candidates: 12);
    }

    [Fact]
    public async Task ReplaySearch_OfScoresThatNeverCame_MissesTheSame()
    {
        var bad = 0;
        _score = response =>
        {
            foreach (var score in response.Scores.Where(_ => Interlocked.Increment(ref bad) % 3 == 0))
            {
                score.Value = double.NaN;
            }

            return Task.CompletedTask;
        };
        var original = await _mesh.RunAsync(OrchestratorMesh.Spec());
        _score = _ => Task.CompletedTask;

        var replay = await ReplayAsync(original.Id);

        Assert.Contains(original.Candidates, candidate => candidate.State == CandidateState.Unscored);
        AssertIdentical(original, replay, candidates: 12);
    }

    [Fact]
    public async Task ReplaySearch_VerifierThatAnswersOtherwiseNow_NamesEveryScore()
    {
        var original = await _mesh.RunAsync(OrchestratorMesh.Spec());
        _score = response =>
        {
            response.Scores[0].Value = Math.BitIncrement(response.Scores[0].Value);
            return Task.CompletedTask;
        };

        var replay = (await ReplayAsync(original.Id)).Replay;

        Assert.False(replay.Identical);
        Assert.Contains(replay.Differences, difference => difference is { CandidateId.Length: > 0, Field: "scores.brightness" });
        Assert.All(replay.Differences, difference => Assert.NotEqual(difference.Original, difference.Replayed));
        Assert.Equal(replay.DifferencesTotal, replay.Differences.Count);
    }

    [Theory]
    [InlineData("score", "journal[")]
    [InlineData("image", "journal[")]
    [InlineData("pixels", "journal[")]
    [InlineData("event", "event.scores.brightness")]
    [InlineData("end", "scores.brightness")]
    [InlineData("noise", "event.admitted.noise.draw.seed")]
    public async Task ReplaySearch_JournalAlteredAtOneCandidate_NamesIt(string what, string field)
    {
        var original = await _mesh.RunAsync(OrchestratorMesh.Spec());
        await _mesh.Host.DisposeAsync();
        Alter(original, original.Candidates[5], what);
        _mesh = await StartAsync();

        var replay = (await ReplayAsync(original.Id)).Replay;

        Assert.False(replay.Identical);
        var difference = Assert.Single(replay.Differences);
        Assert.Equal(("5", 1), (difference.CandidateId, replay.DifferencesTotal));
        Assert.StartsWith(field, difference.Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaySearch_SameRequestId_IsOneReplay()
    {
        var original = await _mesh.RunAsync(OrchestratorMesh.Spec());
        var other = await _mesh.RunAsync(OrchestratorMesh.Spec());
        var request = new ReplaySearchRequest { SearchId = original.Id, RequestId = "once" };

        var first = (await _mesh.Client.ReplaySearchAsync(request)).Search;
        var second = (await _mesh.Client.ReplaySearchAsync(request)).Search;
        request.SearchId = other.Id;

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(async () => await _mesh.Client.ReplaySearchAsync(request))).StatusCode);
        Assert.Equal(
            StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(() => _mesh.CreateAsync(OrchestratorMesh.Spec(), "once"))).StatusCode);
        await _mesh.WatchAsync(first.Id);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatRunsFailedOrIsUnknown_IsRefused()
    {
        var spec = OrchestratorMesh.Spec();
        spec.Verifiers[0].OnFailure = FailurePolicy.Fail;
        _score = response =>
        {
            response.Scores[0].Value = double.NaN;
            return Task.CompletedTask;
        };
        var failed = await _mesh.RunAsync(spec);
        _score = _ => Task.CompletedTask;
        _atSeventh = context => Task.Delay(Timeout.Infinite, context.CancellationToken);
        var running = await _mesh.CreateAsync(OrchestratorMesh.Spec());

        Assert.Equal((StatusCode.FailedPrecondition, "SEARCH_FAILED"), await RefusedAsync(failed.Id));
        Assert.Equal((StatusCode.FailedPrecondition, "SEARCH_NOT_ENDED"), await RefusedAsync(running.Id));
        Assert.Equal((StatusCode.NotFound, null), await RefusedAsync("none"));
        await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = running.Id });
    }

    [Fact]
    public async Task ReplaySearch_OriginalDeletedMeanwhile_FailsAndSaysSo()
    {
        var original = await _mesh.RunAsync(OrchestratorMesh.Spec());
        var open = new TaskCompletionSource();
        _score = _ => open.Task;
        var replay = (await _mesh.Client.ReplaySearchAsync(new ReplaySearchRequest { SearchId = original.Id })).Search;
        await _mesh.WatchUntilAsync(replay.Id, happened => happened.RoundStarted is not null);

        await _mesh.Client.DeleteSearchAsync(new DeleteSearchRequest { SearchId = original.Id });
        open.SetResult();
        var end = (await _mesh.WatchAsync(replay.Id))[^1].SearchFinished;

        Assert.Equal((SearchState.Failed, null), (end.State, end.Replay));
        Assert.Contains(original.Id, end.Error, StringComparison.Ordinal);
        Assert.Contains("deleted", end.Error, StringComparison.Ordinal);
    }

    internal static void AssertIdentical(SearchMessage original, SearchMessage replay, int candidates)
    {
        Assert.Empty(replay.Replay.Differences);
        Assert.Equal((true, candidates, 0L), (replay.Replay.Identical, replay.Replay.Candidates, replay.Replay.DifferencesTotal));
        Assert.Equal((original.Id, original.State, original.StopReason), (replay.ReplayOf, replay.State, replay.StopReason));
        Assert.Equal(original.Candidates, replay.Candidates);
        Assert.Equal((original.Ledger.NfeSearch, original.Ledger.NfeFinal), (replay.Ledger.NfeSearch, replay.Ledger.NfeFinal));
    }

    private async Task<SearchMessage> ReplayAsync(string id)
    {
        var replay = (await _mesh.Client.ReplaySearchAsync(new ReplaySearchRequest { SearchId = id })).Search;
        return (await _mesh.WatchAsync(replay.Id))[^1].SearchFinished;
    }

    private async Task<(StatusCode Code, string? Reason)> RefusedAsync(string id)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => ReplayAsync(id));
        return (error.StatusCode, RpcErrors.Detail<ErrorInfo>(error)?.Reason);
    }

    private void Alter(SearchMessage search, Candidate candidate, string what)
    {
        var folder = Path.Combine(_data.FullName, "searches", search.Id);
        var pixels = Path.Combine(folder, "images", candidate.PixelDigest["sha256:".Length..] + ".pgm");
        if (what == "pixels")
        {
            var bytes = File.ReadAllBytes(pixels);
            bytes[^1] ^= 1;
            File.WriteAllBytes(pixels, bytes);
            return;
        }

        var journal = Path.Combine(folder, "journal.jsonl");
        var entries = File.ReadAllLines(journal).Select(JsonParser.Default.Parse<JournalEntry>).ToArray();
        switch (what)
        {
            case "score":
                entries.Single(entry => entry.Score?.Score.Value == candidate.Scores[0].Value).Score.Score.Value = 0.25;
                break;
            case "image":
                entries.Single(entry => entry.Segment?.Image.Digest == candidate.PixelDigest).Segment.Image.Digest = "sha256:" + new string('0', 64);
                break;
            case "event":
                entries.Single(entry => entry.Event?.CandidateFinished?.Id == candidate.Id).Event.CandidateFinished.Scores[0].Value = 0.25;
                break;
            case "end":
                entries[^1].Event.SearchFinished.Candidates[5].Scores[0].Value = 0.25;
                break;
            case "noise":
                entries.SelectMany(entry => entry.Event?.RoundStarted?.Admitted ?? []).Single(admitted => admitted.Id == candidate.Id).Noise.Draw.Seed++;
                break;
        }

        File.WriteAllLines(journal, entries.Select(entry => JsonFormatter.Default.Format(entry)));
    }

    private Task<OrchestratorMesh> StartAsync() => OrchestratorMesh.StartAsync(
        _denoiserHost.Address, [("brightness", _verifierHost.Address)], [$"--Orchestrator:DataDirectory={_data.FullName}"]);
}
