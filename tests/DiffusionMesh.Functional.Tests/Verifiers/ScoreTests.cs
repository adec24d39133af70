using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Verifiers.VerifierHost;
using VerifierMessage = DiffusionMesh.Contracts.VerifierV1.Verifier;

namespace DiffusionMesh.Functional.Tests.Verifiers;

public sealed class ScoreTests : IAsyncLifetime
{
    private RunningHost _host = null!;

    private VerifierService.VerifierServiceClient Client => new(_host.Channel);

    public async Task InitializeAsync() => _host = await StartAsync(new BrightnessScorer(), "--Verifier:MaxBatchSize=3");

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Describe_Always_SaysWhatTheScorerSays()
    {
        var verifier = (await Client.DescribeAsync(new DescribeRequest())).Verifier;

        Assert.Equal(
            new VerifierMessage
            {
                Name = "brightness",
                Version = "1.2.3",
                WeightsDigest = "sha256:" + new string('b', 64),
                Maximum = 2,
                RealMean = 0.5,
                HigherIsBetter = true,
                ConditionKinds = { ConditionKind.None, ConditionKind.Prompt },
                Images =
                {
                    new ImageRequirement { Name = "final", Kind = ImageKind.Final },
                    new ImageRequirement { Name = "draft", Kind = ImageKind.XPrediction, NoiseLevel = 0.4 },
                },
                NeedsState = true,
                InputShape = { 1, 1, 1 },
                MaxBatchSize = 3,
                ComputeClass = "test/cpu",
                Description = "Difference in brightness.",
                License = "MIT",
            },
            verifier);
        Assert.False(verifier.HasRealStandardDeviation);
    }

    [Fact]
    public async Task Score_SeveralCandidates_AnswersInTheirOrder()
    {
        var response = await Client.ScoreAsync(new ScoreRequest { Candidates = { Candidate("z", 255, 0), Candidate("a", 51, 51), Candidate("m", 0, 51) } });

        Assert.Equal(["z", "a", "m"], response.Scores.Select(score => score.CandidateId));
        Assert.Equal([1.0, 0.0, 0.2], response.Scores.Select(score => score.Value));
        Assert.Equal("sha256:" + new string('b', 64), response.WeightsDigest);
        Assert.All(response.Scores, score => Assert.True(score.State.IsEmpty));
    }

    [Fact]
    public async Task Score_CandidatesThatLackAnImage_FailAlone()
    {
        var without = Candidate("without", 9, 9);
        without.Images.RemoveAt(1);
        var wrong = Candidate("wrong", 9, 9);
        wrong.Images[1].Kind = ImageKind.Final;

        var response = await Client.ScoreAsync(new ScoreRequest { Candidates = { without, Candidate("good", 255, 0), wrong } });

        Assert.Equal("IMAGE_MISSING", response.Scores[0].Error.Reason);
        Assert.Contains("draft", response.Scores[0].Error.Message, StringComparison.Ordinal);
        Assert.Equal(1.0, response.Scores[1].Value);
        Assert.Equal("IMAGE_KIND_MISMATCH", response.Scores[2].Error.Reason);
    }

    [Fact]
    public async Task Score_NothingToScore_StillAnswersEach()
    {
        var response = await Client.ScoreAsync(new ScoreRequest { Candidates = { new Candidate { Id = "bare" } } });

        Assert.Equal("IMAGE_MISSING", Assert.Single(response.Scores).Error.Reason);
    }

    [Fact]
    public async Task Score_State_IsCarriedFromCallToCall()
    {
        var first = await Client.ScoreAsync(new ScoreRequest { Candidates = { Candidate("first", 51, 51) }, ReturnState = true });
        var second = await Client.ScoreAsync(new ScoreRequest { Candidates = { Candidate("second", 255, 255) }, State = first.Scores[0].State });

        Assert.Equal(0.0, first.Scores[0].Value);
        Assert.Equal(0.8, second.Scores[0].Value, 12);
    }

    [Fact]
    public async Task Score_PinnedWeights_AreServedOrRefused()
    {
        var pinned = "sha256:" + new string('b', 64);
        var served = await Client.ScoreAsync(new ScoreRequest { Candidates = { Candidate("a", 1, 1) }, WeightsDigest = pinned });
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await Client.ScoreAsync(new ScoreRequest { Candidates = { Candidate("a", 1, 1) }, WeightsDigest = "sha256:other" }));

        Assert.Equal(pinned, served.WeightsDigest);
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        var info = RpcErrors.Detail<ErrorInfo>(error)!;
        Assert.Equal("WEIGHTS_DIGEST_MISMATCH", info.Reason);
        Assert.Equal(pinned, info.Metadata["weights_digest"]);
    }

    public static TheoryData<string, ScoreRequest, string[]> BadRequests => new()
    {
        { "empty", new ScoreRequest(), ["candidates"] },
        { "too many", Request([.. Enumerable.Range(0, 4).Select(i => Candidate($"{i}", 1, 1))]), ["candidates"] },
        { "no id", Request(Candidate("", 1, 1)), ["candidates[0].id"] },
        { "same id", Request(Candidate("a", 1, 1), Candidate("b", 1, 1), Candidate("a", 2, 2)), ["candidates[2].id"] },
        { "element type", Request(With(image => image.Image.DataType = DataType.Fp32)), ["candidates[0].images[0].image.data_type"] },
        { "no tensor", Request(With(image => image.Image = null)), ["candidates[0].images[0].image"] },
        { "bytes", Request(With(image => image.Image.Shape[0] = 2)), ["candidates[0].images[0].image.data"] },
        { "huge shape", Request(With(image => image.Image.Shape[0] = long.MaxValue)), ["candidates[0].images[0].image.shape"] },
        { "two channels", Request(With(image => image.Image = TensorMapping.ToMessage(new byte[2], 1, 1, 2))), ["candidates[0].images[0].image.shape"] },
        { "two dimensions", Request(With(image => image.Image = TensorMapping.ToMessage(new byte[1], 1, 1))), ["candidates[0].images[0].image.shape"] },
        { "same name", Request(With(image => image.Name = "draft")), ["candidates[0].images[1].name"] },
        { "no name", Request(With(image => image.Name = "")), ["candidates[0].images[0].name"] },
        { "noise level", Request(With(image => (image.Kind, image.NoiseLevel) = (ImageKind.XPrediction, 1.5))), ["candidates[0].images[0].noise_level"] },
        { "noise level NaN", Request(With(image => (image.Kind, image.NoiseLevel) = (ImageKind.XPrediction, double.NaN))), ["candidates[0].images[0].noise_level"] },
        { "class", new ScoreRequest { Candidates = { Candidate("a", 1, 1) }, Condition = new Condition { ClassLabel = 1 } }, ["condition"] },
        { "negative class", new ScoreRequest { Candidates = { Candidate("a", 1, 1) }, Condition = new Condition { ClassLabel = -1 } }, ["condition.class_label"] },
        { "empty prompt", new ScoreRequest { Candidates = { Candidate("a", 1, 1) }, Condition = new Condition { Prompt = " " } }, ["condition.prompt"] },
        { "scorer refuses", new ScoreRequest { Candidates = { Candidate("a", 1, 1) }, Condition = new Condition { Prompt = "none" } }, ["condition.prompt"] },
        { "state", new ScoreRequest { Candidates = { Candidate("a", 1, 1) }, State = Google.Protobuf.ByteString.CopyFrom(1, 2, 3) }, ["state"] },
        {
            "everything at once",
            Request(With(image => image.Image.DataType = DataType.Int64), Candidate("a", 1, 1), Candidate("a", 1, 1)),
            ["candidates[0].images[0].image.data_type", "candidates[2].id"]
        },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Score_BadRequest_NamesTheField(string what, ScoreRequest request, string[] fields)
    {
        Assert.NotEmpty(what);
        Assert.Equal(fields, await RefusedFieldsAsync(_host, request));
    }

    private static ScoreRequest Request(params Candidate[] candidates) => new() { Candidates = { candidates } };

    private static Candidate With(Action<NamedImage> change)
    {
        var candidate = Candidate("changed", 1, 1);
        change(candidate.Images[0]);
        return candidate;
    }
}
