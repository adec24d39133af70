using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using VerifierMessage = DiffusionMesh.Contracts.VerifierV1.Verifier;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>A verifier is replaced by another version after the first round of four.</summary>
public sealed class ReplacedVerifierTests
{
    private const string NewDigest = "sha256:newer";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Record_VerifierReplacedInMidSearch_GoesOnAndNamesBoth(bool honoursPins)
    {
        var verifier = Replaced(honoursPins);
        await using var mesh = await StartAsync(verifier);

        var search = await mesh.RunAsync(Spec(ReplacementPolicy.Record));

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Equal(
            "'brightness' was replaced: the search began with version 1 (sha256:brightness) and went on with version 2 (sha256:newer).",
            Assert.Single(search.Degradations));
        Assert.Equal(ScriptedVerifier.Digest, search.Spec.Verifiers[0].WeightsDigest);
        Assert.Contains(search.Candidates, candidate => candidate.Scores[0].Value > 1);
    }

    [Theory]
    [InlineData(true, "brightness: the weights are sha256:newer, not the pinned sha256:brightness")]
    [InlineData(false, "brightness: scored with other weights (sha256:newer) than the search uses")]
    public async Task Refuse_VerifierReplacedInMidSearch_CountsAsFailed(bool honoursPins, string reason)
    {
        var verifier = Replaced(honoursPins);
        await using var mesh = await StartAsync(verifier);

        var search = await mesh.RunAsync(Spec(ReplacementPolicy.Unspecified));

        Assert.Equal((SearchState.Failed, StopReason.Error), (search.State, search.StopReason));
        Assert.Equal($"no candidate of round 1 was scored (brightness: was replaced while the search ran, and on_replacement is not RECORD ({reason}))", search.Error);
        Assert.Equal(ReplacementPolicy.Refuse, search.Spec.Verifiers[0].OnReplacement);
        Assert.Single(search.Best);
    }

    [Fact]
    public async Task RefuseAndDegrade_VerifierReplacedInMidSearch_IsJudgedByTheOther()
    {
        var verifiers = new Dictionary<string, ScriptedVerifier> { ["brightness"] = Replaced(true), ["other"] = new ScriptedVerifier() };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifiers);

        var search = await mesh.RunAsync(OrchestratorMesh.Spec(
            new VerifierSelection { Name = "brightness", OnFailure = FailurePolicy.Degrade }, new VerifierSelection { Name = "other" }));

        Assert.Equal(SearchState.Succeeded, search.State);
        Assert.StartsWith("'brightness' did not score 8 of 12 candidates", Assert.Single(search.Degradations), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_VerifierReplacedWhileTheSearchHadFailed_IsReplayedIdentically()
    {
        var isDown = true;
        var verifier = new ScriptedVerifier
        {
            Change = (_, call, _) => isDown && call > 2 ? throw new RpcException(new Status(StatusCode.Internal, "down")) : Task.CompletedTask,
        };
        await using var mesh = await StartAsync(verifier);
        var spec = Spec(ReplacementPolicy.Record);
        spec.Verifiers[0].OnFailure = FailurePolicy.Fail;
        var failed = await mesh.RunAsync(spec);
        (isDown, verifier.Weights) = (false, NewDigest);

        await mesh.Client.ResumeSearchAsync(new ResumeSearchRequest { SearchId = failed.Id });
        var original = (await mesh.WatchAsync(failed.Id))[^1].SearchFinished;
        var replay = await mesh.ReplayAsync(original.Id);

        Assert.Equal((SearchState.Failed, SearchState.Succeeded), (failed.State, original.State));
        ReplayedSearchTests.AssertIdentical(original, replay, candidates: 12);
    }

    [Fact]
    public async Task Record_ReplacementThatCountsTheOtherWay_CountsAsFailed()
    {
        var verifier = Replaced(true, described => described.HigherIsBetter = false);
        await using var mesh = await StartAsync(verifier);

        var search = await mesh.RunAsync(Spec(ReplacementPolicy.Record));

        Assert.Equal(SearchState.Failed, search.State);
        Assert.Contains("was replaced by version 2, with which the search cannot go on: its scores count the other way round", search.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_VerifierThatNeverHasTheWeightsItDescribes_CountsAsFailed()
    {
        var verifier = new ScriptedVerifier
        {
            Change = (response, call, _) =>
            {
                response.WeightsDigest = $"sha256:{call}";
                return Task.CompletedTask;
            },
        };
        await using var mesh = await StartAsync(verifier);

        var search = await mesh.RunAsync(Spec(ReplacementPolicy.Record));

        Assert.Equal(SearchState.Failed, search.State);
        Assert.Contains("scored with other weights", search.Error, StringComparison.Ordinal);
    }

    // The second version gives scores in 2 to 3.
    private static ScriptedVerifier Replaced(bool honoursPins, Action<VerifierMessage>? describing = null)
    {
        var scored = 0;
        ScriptedVerifier? verifier = null;
        return verifier = new ScriptedVerifier
        {
            HonoursPins = honoursPins,
            Scoring = brightness => verifier!.Weights == NewDigest ? 2 + brightness : brightness,
            Describing = described =>
            {
                if (described.WeightsDigest == NewDigest)
                {
                    (described.Version, described.Minimum, described.Maximum) = ("2", 2, 3);
                    describing?.Invoke(described);
                }
            },
            Change = (response, call, _) =>
            {
                if (call > 1 && Interlocked.Add(ref scored, response.Scores.Count) >= 4)
                {
                    verifier!.Weights = NewDigest;
                }

                return Task.CompletedTask;
            },
        };
    }

    private static Task<OrchestratorMesh> StartAsync(ScriptedVerifier verifier) =>
        OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifier, "--Orchestrator:ScoreParallelism=1");

    private static SearchSpec Spec(ReplacementPolicy policy) =>
        OrchestratorMesh.Spec(new VerifierSelection { Name = "brightness", OnReplacement = policy });
}
