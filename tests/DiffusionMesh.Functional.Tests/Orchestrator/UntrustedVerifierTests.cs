using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;
using VerifierMessage = DiffusionMesh.Contracts.VerifierV1.Verifier;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

public sealed class UntrustedVerifierTests
{
    public static TheoryData<string, string> Lies => new()
    {
        { "nan", "the score is NaN, not a finite number" },
        { "range", "the score 1.5 lies outside the declared range [0, 1]" },
        { "neither", "answered neither a score nor an error" },
        { "error", "NO_IDEA: cannot say" },
        { "id", "answered for 'x' where '0' was due" },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task Verifier_ThatLiesAboutTheFirstOfEachBatch_LosesThatCandidateOnly(string lie, string reason)
    {
        var verifier = new ScriptedVerifier { Change = (response, _, _) => Lie(response.Scores[0], lie) };
        await using var mesh = await OrchestratorMesh.StartAsync(
            new ScriptedDenoiser(), verifier, "--Orchestrator:ScoreParallelism=1");
        var spec = OrchestratorMesh.Spec();
        spec.Parameters["round_size"] = "12";

        var search = await mesh.RunAsync(spec);

        Assert.Equal(12 * ScriptedDenoiser.Steps, search.Ledger.NfeSearch);
        var unscored = search.Candidates.Where(candidate => candidate.State == CandidateState.Unscored).ToList();
        Assert.NotEmpty(unscored);
        Assert.All(unscored, candidate => Assert.Equal(reason, Assert.Single(candidate.Scores).Error));
        Assert.DoesNotContain(search.Best, best => unscored.Exists(candidate => candidate.Id == best.CandidateId));
    }

    [Theory]
    [InlineData("count", "answered 0 scores for ")]
    [InlineData("weights", "brightness: scored with other weights (sha256:other) than the search uses")]
    [InlineData("refuses", "brightness: not today")]
    [InlineData("late", "brightness: did not answer in time")]
    [InlineData("down", "brightness: does not answer (gone)")]
    public async Task Verifier_ThatFailsForAWholeRound_FailsTheSearchAndKeepsWhatIsPaid(string failure, string reason)
    {
        // The first call is the check at creation; then a whole round is scored well.
        var scored = 0;
        var verifier = new ScriptedVerifier
        {
            Change = (response, call, _) =>
            {
                var before = call > 1 ? Interlocked.Add(ref scored, response.Scores.Count) - response.Scores.Count : 0;
                return before >= 4 ? Fail(response, failure) : Task.CompletedTask;
            },
        };
        await using var mesh = await OrchestratorMesh.StartAsync(
            new ScriptedDenoiser(), verifier, "--Orchestrator:RetryAttempts=2");

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal((SearchState.Failed, StopReason.Error), (search.State, search.StopReason));
        Assert.StartsWith("no candidate of round 1 was scored", search.Error, StringComparison.Ordinal);
        Assert.Contains(reason, search.Error, StringComparison.Ordinal);
        Assert.Equal(8 * ScriptedDenoiser.Steps, search.Ledger.NfeSearch);
        Assert.Equal(4, search.Candidates.Count(candidate => candidate.State == CandidateState.Scored));
        Assert.Equal(4, search.Candidates.Count(candidate => candidate.State == CandidateState.Unscored));
        Assert.Single(search.Best);
    }

    [Fact]
    public async Task Verifier_ThatNeverAnswers_IsGivenUpInTime()
    {
        var verifier = new ScriptedVerifier
        {
            Change = (_, call, context) => call == 1 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, context.CancellationToken),
        };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifier, "--Orchestrator:ScoreTimeoutSeconds=1");

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal((SearchState.Failed, "no candidate of round 0 was scored (brightness: did not answer in time)"), (search.State, search.Error));
        Assert.Equal(4 * ScriptedDenoiser.Steps, search.Ledger.NfeTotal);
    }

    [Fact]
    public async Task Verifier_ThatSaysALotOfEachCandidate_IsCutShort()
    {
        var verifier = new ScriptedVerifier
        {
            Change = (response, _, _) =>
            {
                response.Scores[0].Error = new ScoreError { Reason = "NO_IDEA", Message = new string('x', 100_000) };
                return Task.CompletedTask;
            },
        };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifier);
        var spec = OrchestratorMesh.Spec();
        spec.Parameters["round_size"] = "12";

        var search = await mesh.RunAsync(spec);

        var unscored = search.Candidates.Where(candidate => candidate.State == CandidateState.Unscored).ToList();
        Assert.NotEmpty(unscored);
        Assert.All(unscored, candidate => Assert.InRange(candidate.Scores[0].Error.Length, 500, 520));
    }

    [Fact]
    public async Task Verifier_ThatIsDownForAMoment_IsAskedAgain()
    {
        var verifier = new ScriptedVerifier
        {
            Change = (_, call, _) => call % 2 == 0 ? throw new RpcException(new Status(StatusCode.Unavailable, "gone")) : Task.CompletedTask,
        };
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), verifier);

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());

        Assert.Equal(SearchState.Succeeded, search.State);
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
    }

    [Theory]
    [InlineData("range")]
    [InlineData("digest")]
    [InlineData("level")]
    [InlineData("images")]
    [InlineData("condition")]
    [InlineData("many images")]
    [InlineData("same images")]
    [InlineData("long version")]
    [InlineData("long license")]
    public async Task Verifier_ThatDescribesWhatASearchCannotUse_IsRefusedAtCreation(string flaw)
    {
        await using var mesh = await OrchestratorMesh.StartAsync(
            new ScriptedDenoiser(), new ScriptedVerifier { Describing = verifier => Spoil(verifier, flaw) });

        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.CreateAsync(OrchestratorMesh.Spec()));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("spec.verifiers[0]: ", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verifier_NamedByItsAddress_IsUsed()
    {
        await using var foreign = await ScriptedServer.StartAsync(new ScriptedVerifier());
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());
        var spec = OrchestratorMesh.Spec();
        spec.Verifiers.Add(new VerifierSelection { Name = "mine", Address = foreign.Address.ToString(), Weight = 2 });

        var search = await mesh.RunAsync(spec);

        Assert.Equal(SearchState.Succeeded, search.State);
        Assert.Equal(12, search.Ledger.VerifierCalls["mine"]);
        Assert.Equal(1, search.Best[0].SearchScore);
    }

    private static Task Lie(CandidateScore score, string lie)
    {
        switch (lie)
        {
            case "nan":
                score.Value = double.NaN;
                break;
            case "range":
                score.Value = 1.5;
                break;
            case "neither":
                score.ClearOutcome();
                break;
            case "error":
                score.Error = new ScoreError { Reason = "NO_IDEA", Message = "cannot say" };
                break;
            default:
                score.CandidateId = "x";
                break;
        }

        return Task.CompletedTask;
    }

    private static Task Fail(ScoreResponse response, string failure)
    {
        switch (failure)
        {
            case "count":
                response.Scores.Clear();
                return Task.CompletedTask;
            case "weights":
                response.WeightsDigest = "sha256:other";
                return Task.CompletedTask;
            case "late":
                throw new RpcException(new Status(StatusCode.DeadlineExceeded, ""));
            case "down":
                throw new RpcException(new Status(StatusCode.Unavailable, "gone"));
            default:
                throw new RpcException(new Status(StatusCode.PermissionDenied, "not today"));
        }
    }

    private static void Spoil(VerifierMessage verifier, string flaw)
    {
        switch (flaw)
        {
            case "range":
                (verifier.Minimum, verifier.Maximum) = (1, double.NaN);
                break;
            case "digest":
                verifier.WeightsDigest = "";
                break;
            case "images":
                verifier.Images.Add(new ImageRequirement { Name = "mask" });
                break;
            case "level":
                verifier.Images.Add(new ImageRequirement { Name = "draft", Kind = ImageKind.XPrediction, NoiseLevel = 1.5 });
                break;
            case "many images":
                verifier.Images.Add(Enumerable.Range(0, 16).Select(i => new ImageRequirement { Name = $"{i}", Kind = ImageKind.Final }));
                break;
            case "same images":
                verifier.Images.Add(verifier.Images[0].Clone());
                break;
            case "long version":
                verifier.Version = new string('1', 257);
                break;
            case "long license":
                verifier.License = new string('1', 4097);
                break;
            default:
                verifier.ConditionKinds.Remove(ConditionKind.Prompt);
                break;
        }
    }
}
