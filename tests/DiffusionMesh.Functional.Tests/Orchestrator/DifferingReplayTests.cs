using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What a replay says of a run that cannot be repeated, or that was not what it says.</summary>
public sealed class DifferingReplayTests : IAsyncLifetime
{
    private ScriptedMesh _mesh = null!;

    private OrchestratorMesh Orchestrator => _mesh.Orchestrator;

    public async Task InitializeAsync() => _mesh = await ScriptedMesh.StartAsync();

    public async Task DisposeAsync() => await _mesh.DisposeAsync();

    [Fact]
    public async Task ReplaySearch_VerifierThatAnswersOtherwiseNow_NamesEveryScore()
    {
        var original = await Orchestrator.RunAsync(OrchestratorMesh.Spec());
        _mesh.Score = (response, _) =>
        {
            response.Scores[0].Value = Math.BitIncrement(response.Scores[0].Value);
            return Task.CompletedTask;
        };

        var replay = (await Orchestrator.ReplayAsync(original.Id)).Replay;

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
        var original = await Orchestrator.RunAsync(OrchestratorMesh.Spec());
        await _mesh.RestartAsync(() => Alter(original, original.Candidates[5], what));

        var replay = (await Orchestrator.ReplayAsync(original.Id)).Replay;

        Assert.False(replay.Identical);
        var difference = Assert.Single(replay.Differences);
        Assert.Equal(("5", 1), (difference.CandidateId, replay.DifferencesTotal));
        Assert.StartsWith(field, difference.Field, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplaySearch_SameRequestId_IsOneReplay()
    {
        var original = await Orchestrator.RunAsync(OrchestratorMesh.Spec());
        var other = await Orchestrator.RunAsync(OrchestratorMesh.Spec());
        var request = new ReplaySearchRequest { SearchId = original.Id, RequestId = "once" };

        var first = (await Orchestrator.Client.ReplaySearchAsync(request)).Search;
        var second = (await Orchestrator.Client.ReplaySearchAsync(request)).Search;
        request.SearchId = other.Id;

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(async () => await Orchestrator.Client.ReplaySearchAsync(request))).StatusCode);
        Assert.Equal(
            StatusCode.AlreadyExists, (await Assert.ThrowsAsync<RpcException>(() => Orchestrator.CreateAsync(OrchestratorMesh.Spec(), "once"))).StatusCode);
        await Orchestrator.WatchAsync(first.Id);
    }

    [Fact]
    public async Task ReplaySearch_OfOneThatRunsFailedOrIsUnknown_IsRefused()
    {
        var spec = OrchestratorMesh.Spec();
        spec.Verifiers[0].OnFailure = FailurePolicy.Fail;
        _mesh.Score = (response, _) =>
        {
            response.Scores[0].Value = double.NaN;
            return Task.CompletedTask;
        };
        var failed = await Orchestrator.RunAsync(spec);
        _mesh.Score = (_, _) => Task.CompletedTask;
        _mesh.AtSeventhAnswer = ScriptedMesh.NeverAsync;
        var running = await Orchestrator.CreateAsync(OrchestratorMesh.Spec());

        Assert.Equal((StatusCode.FailedPrecondition, "SEARCH_FAILED"), await RefusedAsync(failed.Id));
        Assert.Equal((StatusCode.FailedPrecondition, "SEARCH_NOT_ENDED"), await RefusedAsync(running.Id));
        Assert.Equal((StatusCode.NotFound, "SEARCH_UNKNOWN"), await RefusedAsync("none"));
        await Orchestrator.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = running.Id });
    }

    [Fact]
    public async Task ReplaySearch_OriginalDeletedMeanwhile_FailsAndSaysSo()
    {
        var original = await Orchestrator.RunAsync(OrchestratorMesh.Spec());
        var open = new TaskCompletionSource();
        _mesh.Score = (_, _) => open.Task;
        var replay = (await Orchestrator.Client.ReplaySearchAsync(new ReplaySearchRequest { SearchId = original.Id })).Search;
        await Orchestrator.WatchUntilAsync(replay.Id, happened => happened.RoundStarted is not null);

        await Orchestrator.Client.DeleteSearchAsync(new DeleteSearchRequest { SearchId = original.Id });
        open.SetResult();
        var end = (await Orchestrator.WatchAsync(replay.Id))[^1].SearchFinished;

        Assert.Equal((SearchState.Failed, null), (end.State, end.Replay));
        Assert.Contains(original.Id, end.Error, StringComparison.Ordinal);
        Assert.Contains("deleted", end.Error, StringComparison.Ordinal);
    }

    private async Task<(StatusCode Code, string? Reason)> RefusedAsync(string id)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => Orchestrator.ReplayAsync(id));
        return (error.StatusCode, RpcErrors.Detail<ErrorInfo>(error)?.Reason);
    }

    private void Alter(SearchMessage search, Candidate candidate, string what)
    {
        var folder = _mesh.FolderOf(search.Id);
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
}
