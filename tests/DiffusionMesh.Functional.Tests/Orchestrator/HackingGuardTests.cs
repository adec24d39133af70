using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Brightness is searched; a judge that is held out prefers the dark.</summary>
public sealed class HackingGuardTests
{
    [Fact]
    public async Task HeldOut_NeverSelects_AndShowsTheGapRoundByRound()
    {
        await using var alone = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());
        await using var mesh = await StartAsync();
        var spec = Spec(rounds: 10);

        var created = await mesh.CreateAsync(spec);
        var events = await mesh.WatchAsync(created.Id);

        var search = events[^1].SearchFinished;
        var unjudged = Spec(rounds: 10);
        unjudged.Verifiers.RemoveAt(1);
        Assert.Equal((await alone.RunAsync(unjudged)).Best[0].PixelDigest, search.Best[0].PixelDigest);
        Assert.Equal(search.Best[0].Scores[0].Value, search.Best[0].SearchScore);
        Assert.Equal(Enumerable.Range(0, 10), search.Hacking.Select(round => round.Round));
        Assert.Equal(search.Hacking, events.Where(happened => happened.RoundFinished is not null).Select(happened => happened.RoundFinished.Hacking));
        Assert.Equal(0, search.Hacking[0].Gap);
        Assert.True(search.Hacking[^1].Gap > 1, $"gap {search.Hacking[^1].Gap}");
        Assert.Contains(search.Hacking, round => round.Warning);
        Assert.All(search.Hacking, round => Assert.InRange(round.Diversity, 0.01, 0.5));
        Assert.Equal(StopReason.BudgetSpent, search.StopReason);
    }

    [Fact]
    public async Task StopOnHacking_JudgeFallsWhileTheScoreRises_EndsTheSearch()
    {
        await using var mesh = await StartAsync();
        var spec = Spec(rounds: 40);
        spec.StopOnHacking = true;

        var search = await mesh.RunAsync(spec);

        Assert.Equal((SearchState.Succeeded, StopReason.Hacking), (search.State, search.StopReason));
        Assert.InRange(search.Hacking.Count, 4, 20);
        Assert.True(search.Ledger.NfeSearch < spec.BudgetNfe);
        Assert.Single(search.Best);
    }

    [Fact]
    public async Task StopOnHacking_JudgeAgrees_SearchesToTheEnd()
    {
        var verifiers = new Dictionary<string, ScriptedVerifier> { ["brightness"] = new(), ["judge"] = new() { Scoring = Math.Sqrt } };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifiers);
        var spec = Spec(rounds: 20);
        spec.StopOnHacking = true;

        var search = await mesh.RunAsync(spec);

        Assert.Equal(StopReason.BudgetSpent, search.StopReason);
        Assert.DoesNotContain(search.Hacking, round => round.Warning);
    }

    [Fact]
    public async Task ZScores_WithATarget_StopWhereItIsReached()
    {
        var verifiers = new Dictionary<string, ScriptedVerifier>
        {
            ["brightness"] = new() { Describing = verifier => (verifier.RealMean, verifier.RealStandardDeviation) = (0.5, 0.1) },
            ["judge"] = new() { Scoring = Math.Sqrt, Describing = verifier => (verifier.RealMean, verifier.RealStandardDeviation) = (0.7, 0.1) },
        };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifiers);
        var spec = Spec(rounds: 20);
        (spec.Verifiers[1].HeldOut, spec.Verifiers[1].Weight, spec.Ensemble, spec.TargetScore) = (false, 3, "z-score", 0.3);

        var search = await mesh.RunAsync(spec);

        var scores = search.Best[0].Scores.Select(score => score.Value).ToArray();
        Assert.Equal(StopReason.TargetReached, search.StopReason);
        Assert.Equal(((scores[0] - 0.5) / 0.1 + (3 * (scores[1] - 0.7) / 0.1)) / 4, search.Best[0].SearchScore, 1e-9);
        Assert.True(search.Best[0].SearchScore >= 0.3);
    }

    private static Task<OrchestratorMesh> StartAsync() => OrchestratorMesh.StartAsync(
        new ScriptedDenoiser(),
        new Dictionary<string, ScriptedVerifier> { ["brightness"] = new(), ["judge"] = new() { Scoring = brightness => 1 - brightness } });

    private static SearchSpec Spec(int rounds)
    {
        var spec = OrchestratorMesh.Spec(
            new VerifierSelection { Name = "brightness" }, new VerifierSelection { Name = "judge", HeldOut = true });
        spec.BudgetNfe = 8 * rounds * ScriptedDenoiser.Steps;
        spec.Parameters["round_size"] = "8";
        return spec;
    }
}
