using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>One of three verifiers breaks after the first round of four, in every way there is.</summary>
public sealed class FailurePolicyTests
{
    private static readonly string[] QuickFailure =
        ["--Orchestrator:RetryAttempts=1", "--Orchestrator:ScoreParallelism=4"];

    public static TheoryData<string, string> Failures => new()
    {
        { "down", "contrast: does not answer (gone)" },
        { "late", "contrast: did not answer in time" },
        { "nan", "the score is NaN, not a finite number" },
        { "range", "the score 7 lies outside the declared range [0, 1]" },
        { "count", "answered 0 scores for " },
        { "error", "NO_IDEA: cannot say" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Degrade_OneOfThreeBreaks_IsJudgedByTheOthersAndSaysSo(string failure, string reason)
    {
        await using var mesh = await StartAsync(failure);

        var search = await mesh.RunAsync(Spec(FailurePolicy.Degrade));

        Assert.Equal((SearchState.Succeeded, StopReason.BudgetSpent, ""), (search.State, search.StopReason, search.Error));
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        var degradation = Assert.Single(search.Degradations);
        Assert.StartsWith("'contrast' did not score 8 of 12 candidates, which the other verifiers judged (", degradation, StringComparison.Ordinal);
        Assert.Contains(reason, degradation, StringComparison.Ordinal);
        Assert.Equal(search.Spec, (await mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search.Spec);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Fail_OneOfThreeBreaks_EndsTheSearchAndKeepsTheBest(string failure, string reason)
    {
        await using var mesh = await StartAsync(failure);

        var search = await mesh.RunAsync(Spec(FailurePolicy.Fail));

        Assert.Equal((SearchState.Failed, StopReason.Error), (search.State, search.StopReason));
        Assert.Contains(reason, search.Error, StringComparison.Ordinal);
        Assert.Equal(8, search.Candidates.Count);
        Assert.True(int.Parse(Assert.Single(search.Best).CandidateId, System.Globalization.CultureInfo.InvariantCulture) < 4);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Exclude_OneOfThreeBreaks_LeavesNothingToChooseFromAndSaysWhy(string failure, string reason)
    {
        await using var mesh = await StartAsync(failure);

        var search = await mesh.RunAsync(Spec(FailurePolicy.Exclude));

        Assert.Equal((SearchState.Failed, StopReason.Error), (search.State, search.StopReason));
        Assert.StartsWith("no candidate of round 1 was scored (contrast: ", search.Error, StringComparison.Ordinal);
        Assert.Contains(reason, search.Error, StringComparison.Ordinal);
        Assert.Equal(4, search.Candidates.Count(candidate => candidate.State == CandidateState.Unscored));
        Assert.Empty(search.Degradations);
        Assert.True(int.Parse(Assert.Single(search.Best).CandidateId, System.Globalization.CultureInfo.InvariantCulture) < 4);
    }

    [Theory]
    [InlineData(FailurePolicy.Exclude)]
    [InlineData(FailurePolicy.Degrade)]
    [InlineData(FailurePolicy.Fail)]
    public async Task Slow_OneOfThreeAnswersAfterTheOthers_IsWaitedFor(FailurePolicy policy)
    {
        using var scoredByOthers = new SemaphoreSlim(0);
        var slow = new ScriptedVerifier
        {
            Change = async (response, _, context) =>
            {
                for (var i = 0; i < response.Scores.Count; i++)
                {
                    await scoredByOthers.WaitAsync(context.CancellationToken);
                }
            },
        };
        var verifiers = Verifiers(slow);
        verifiers["brightness"] = new ScriptedVerifier
        {
            Change = (response, _, _) =>
            {
                scoredByOthers.Release(response.Scores.Count);
                return Task.CompletedTask;
            },
        };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifiers);

        var search = await mesh.RunAsync(Spec(policy));

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Empty(search.Degradations);
    }

    [Fact]
    public async Task Exclude_OneOfThreeMissesSome_LeavesTheseOutOfTheChoice()
    {
        var verifiers = Verifiers(new ScriptedVerifier { Change = (response, call, _) => Spoil(response, call == 2) });
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifiers);

        var search = await mesh.RunAsync(Spec(FailurePolicy.Unspecified));

        Assert.Equal(SearchState.Succeeded, search.State);
        var unscored = search.Candidates.Where(candidate => candidate.State == CandidateState.Unscored).ToList();
        Assert.InRange(unscored.Count, 1, 11);
        Assert.Empty(search.Degradations);
        Assert.Equal(FailurePolicy.Exclude, search.Spec.Verifiers[2].OnFailure);
        Assert.DoesNotContain(search.Best, best => unscored.Exists(candidate => candidate.Id == best.CandidateId));

        static Task Spoil(ScoreResponse response, bool spoil)
        {
            response.Scores[^1].Value = spoil ? double.NaN : 0;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task HeldOut_Breaks_LeavesTheChoiceAsItIsAndSaysSo()
    {
        await using var whole = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());
        await using var mesh = await StartAsync("down");
        var spec = OrchestratorMesh.Spec(
            new VerifierSelection { Name = "brightness" }, new VerifierSelection { Name = "contrast", HeldOut = true });

        var search = await mesh.RunAsync(spec);

        Assert.Equal((await whole.RunAsync(OrchestratorMesh.Spec())).Best[0].PixelDigest, search.Best[0].PixelDigest);
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Equal(
            "'contrast', which is held out, did not score 8 of 12 candidates (contrast: does not answer (gone)).",
            Assert.Single(search.Degradations));
    }

    [Fact]
    public async Task ScoreError_ThatPasses_IsAskedAgainForTheseImagesAlone()
    {
        var verifier = new ScriptedVerifier { Change = (response, call, _) => Err(response, call is 2 or 3) };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifier, "--Orchestrator:ScoreParallelism=1");
        var spec = OrchestratorMesh.Spec();
        spec.BudgetNfe = ScriptedDenoiser.Steps;

        var search = await mesh.RunAsync(spec);

        Assert.Equal(CandidateState.Scored, Assert.Single(search.Candidates).State);
        Assert.Equal([1, 1, 1, 1], verifier.Calls);
    }

    [Fact]
    public async Task ScoreError_ThatStays_IsAskedThreeTimesAndNoMore()
    {
        var verifier = new ScriptedVerifier { Change = (response, call, _) => Err(response, call > 1) };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifier);
        var spec = OrchestratorMesh.Spec();
        spec.BudgetNfe = ScriptedDenoiser.Steps;

        var search = await mesh.RunAsync(spec);

        Assert.Equal("no candidate of round 0 was scored (brightness: NO_IDEA: cannot say)", search.Error);
        Assert.Equal([1, 1, 1, 1], verifier.Calls);
    }

    private static Task<OrchestratorMesh> StartAsync(string failure)
    {
        // The first call is the check at creation; then a whole round is scored well.
        var scored = 0;
        var breaking = new ScriptedVerifier
        {
            Change = (response, call, _) =>
            {
                var breaks = call > 1 && Volatile.Read(ref scored) >= 4;
                Interlocked.Add(ref scored, call > 1 ? response.Scores.Count : 0);
                return breaks ? Break(response, failure) : Task.CompletedTask;
            },
        };
        return OrchestratorMesh.StartAsync(new ScriptedDenoiser(), Verifiers(breaking), QuickFailure);
    }

    private static Dictionary<string, ScriptedVerifier> Verifiers(ScriptedVerifier third) => new()
    {
        ["brightness"] = new ScriptedVerifier(),
        ["darkness"] = new ScriptedVerifier { Scoring = brightness => 1 - (brightness * brightness) },
        ["contrast"] = third,
    };

    private static SearchSpec Spec(FailurePolicy policy) => OrchestratorMesh.Spec(
        new VerifierSelection { Name = "brightness" },
        new VerifierSelection { Name = "darkness", Weight = 0.5 },
        new VerifierSelection { Name = "contrast", OnFailure = policy });

    private static Task Err(ScoreResponse response, bool fails)
    {
        if (fails)
        {
            response.Scores[0].Error = new ScoreError { Reason = "NO_IDEA", Message = "cannot say" };
        }

        return Task.CompletedTask;
    }

    private static Task Break(ScoreResponse response, string failure)
    {
        switch (failure)
        {
            case "down":
                throw new RpcException(new Status(StatusCode.Unavailable, "gone"));
            case "late":
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, ""));
            case "count":
                response.Scores.Clear();
                return Task.CompletedTask;
            case "error":
                foreach (var score in response.Scores)
                {
                    score.Error = new ScoreError { Reason = "NO_IDEA", Message = "cannot say" };
                }

                return Task.CompletedTask;
            default:
                foreach (var score in response.Scores)
                {
                    score.Value = failure == "nan" ? double.NaN : 7;
                }

                return Task.CompletedTask;
        }
    }
}
