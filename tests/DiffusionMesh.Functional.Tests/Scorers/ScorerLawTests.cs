using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Scorers.RunningScorer;
using Condition = DiffusionMesh.Contracts.TensorV1.Condition;

namespace DiffusionMesh.Functional.Tests.Scorers;

/// <summary>What holds for every scorer, over the embedded models.</summary>
public sealed class ScorerLawTests
{
    public static TheoryData<string> Scorers => ScorerCase.Names;

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Describe_Always_SaysWhatCallersNeed(string name)
    {
        await using var scorer = await StartAsync(name);

        var verifier = await scorer.DescribeAsync();

        Assert.Equal(scorer.Case.Name, verifier.Name);
        Assert.NotEmpty(verifier.Version);
        Assert.Matches("^sha256:[0-9a-f]{64}$", verifier.WeightsDigest);
        Assert.True(double.IsFinite(verifier.Minimum) && double.IsFinite(verifier.Maximum) && verifier.Minimum < verifier.Maximum);
        Assert.Equal(verifier.HasRealMean, verifier.HasRealStandardDeviation);
        Assert.Equal(scorer.Case.Kinds, verifier.ConditionKinds);
        Assert.Contains(verifier.Images, image => image is { Name: "final", Kind: ImageKind.Final });
        Assert.Equal([32, 32, 1], verifier.InputShape);
        Assert.Equal(64, verifier.MaxBatchSize);
        Assert.Matches("^onnxruntime-[0-9.]+/cpu/", verifier.ComputeClass);
        Assert.NotEmpty(verifier.Description);
        Assert.NotEmpty(verifier.License);
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Describe_AfterARestart_HasTheSameDigestAndScores(string name)
    {
        var runs = new List<(string Described, string Scored, double[] Scores)>();
        for (var start = 0; start < 2; start++)
        {
            await using var scorer = await StartAsync(name);
            var response = await scorer.Client.ScoreAsync(scorer.Request(Images));
            runs.Add(((await scorer.DescribeAsync()).WeightsDigest, response.WeightsDigest, Values(response)));
        }

        Assert.All(runs, run => Assert.Equal((runs[0].Described, runs[0].Described), (run.Described, run.Scored)));
        Assert.Equal(runs[0].Scores, runs[1].Scores);
    }

    [Fact]
    public async Task Describe_OtherScores_HaveOtherDigests()
    {
        var digests = new HashSet<string>();
        foreach (var name in ScorerCase.All.Keys)
        {
            await using var scorer = await StartAsync(name);
            digests.Add((await scorer.DescribeAsync()).WeightsDigest);
        }

        Assert.Equal(ScorerCase.All.Count, digests.Count);
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_ManyImages_StaysInRangeAndTellsThemApart(string name)
    {
        await using var scorer = await StartAsync(name);
        var verifier = await scorer.DescribeAsync();

        var scores = await scorer.ScoreAsync(Images);

        Assert.All(scores, score => Assert.InRange(score, verifier.Minimum, verifier.Maximum));
        Assert.True(scores.Distinct().Count() > Images.Count / 2, $"{scores.Distinct().Count()} scores for {Images.Count} images");
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_AloneAndAtEveryPositionOfABatch_GivesTheSameBits(string name)
    {
        await using var scorer = await StartAsync(name);
        var alone = (await scorer.ScoreAsync([Images[0]])).Single();

        for (var size = 1; size <= Images.Count; size++)
        {
            var batch = Enumerable.Range(1, size).Select(i => Images[i % Images.Count]).ToArray();
            foreach (var at in new[] { 0, size / 2, size - 1 })
            {
                var with = batch.ToArray();
                with[at] = Images[0];
                Assert.Equal(alone, (await scorer.ScoreAsync(with))[at]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_CandidatesInAnotherOrder_GiveTheSameBits(string name)
    {
        await using var scorer = await StartAsync(name);

        var scores = await scorer.ScoreAsync(Images);
        var backwards = await scorer.ScoreAsync(Images.Reverse());

        Assert.Equal(scores, backwards.Reverse());
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_CallsAtTheSameTime_GiveTheSameBitsEvenWhenOthersAreCancelled(string name)
    {
        await using var scorer = await StartAsync(name, "--Verifier:MaxNetworkRows=7");
        var expected = await scorer.ScoreAsync(Images);
        using var cancellation = new CancellationTokenSource();

        var calls = Enumerable.Range(0, 24).Select(call =>
        {
            var (first, count) = (call * 5 % Images.Count, 1 + (call * 3 % 9));
            var cancelled = call % 4 == 3;
            return (First: first, Cancelled: cancelled, Scores: scorer.ScoreAsync(
                Enumerable.Range(first, count).Select(i => Images[i % Images.Count]),
                cancellationToken: cancelled ? cancellation.Token : CancellationToken.None));
        }).ToArray();
        await cancellation.CancelAsync();

        foreach (var (first, cancelled, scores) in calls)
        {
            try
            {
                var actual = await scores;
                Assert.Equal(Enumerable.Range(first, actual.Length).Select(i => expected[i % Images.Count]), actual);
            }
            catch (RpcException error) when (cancelled)
            {
                Assert.Equal(StatusCode.Cancelled, error.StatusCode);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_Condition_IsScoredAgainstIgnoredOrRefused(string name)
    {
        await using var scorer = await StartAsync(name);
        Condition?[] conditions = [null, new Condition { Prompt = "a photo of a bag" }, new Condition { ClassLabel = 8 }];
        var scores = new List<double[]>();
        foreach (var (condition, kind) in conditions.Zip([ConditionKind.None, ConditionKind.Prompt, ConditionKind.Class]))
        {
            var request = scorer.Request(Images.Take(3));
            request.Condition = condition;
            if (scorer.Case.Kinds.Contains(kind))
            {
                scores.Add(Values(await scorer.Client.ScoreAsync(request)));
            }
            else
            {
                Assert.Equal("condition", (await RefusedAsync(scorer, request)).Field);
            }
        }

        Assert.Equal(scorer.Case.IgnoresTheCondition, scores.Count > 1 && scores.All(each => each.SequenceEqual(scores[0])));
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_ClassThatIsNotKnown_ListsThoseThatAreOrIsIgnored(string name)
    {
        await using var scorer = await StartAsync(name);
        var request = scorer.Request(Images[0]);
        request.Condition = new Condition { ClassLabel = 10 };

        if (scorer.Case.IgnoresTheCondition)
        {
            Assert.Single((await scorer.Client.ScoreAsync(request)).Scores);
            return;
        }

        var violation = await RefusedAsync(scorer, request);
        Assert.Equal("condition.class_label", violation.Field);
        Assert.Contains("9 (Ankle boot)", violation.Description, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_ImageMissing_IsAnErrorOfThatCandidate(string name)
    {
        await using var scorer = await StartAsync(name);
        var alone = await scorer.ScoreAsync([Images[1]]);
        var request = scorer.Request(Images[0], Images[1]);
        request.Candidates[0].Images.Remove(request.Candidates[0].Images.Single(image => image.Name == "final"));

        var response = await scorer.Client.ScoreAsync(request);

        Assert.Equal("IMAGE_MISSING", response.Scores[0].Error.Reason);
        Assert.Equal(alone.Single(), response.Scores[1].Value);
    }

    [Theory]
    [MemberData(nameof(Scorers))]
    public async Task Score_MalformedImage_NamesTheField(string name)
    {
        await using var scorer = await StartAsync(name);
        var request = scorer.Request(Images[0]);
        request.Candidates[0].Images[0].Image.Shape[0] = 31;

        Assert.Equal("candidates[0].images[0].image.data", (await RefusedAsync(scorer, request)).Field);
    }

    private static async Task<BadRequest.Types.FieldViolation> RefusedAsync(RunningScorer scorer, ScoreRequest request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await scorer.Client.ScoreAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations);
    }
}
