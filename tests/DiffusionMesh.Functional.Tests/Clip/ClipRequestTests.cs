using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Clip.ClipVerifierFixture;

namespace DiffusionMesh.Functional.Tests.Clip;

public sealed class ClipRequestTests(ClipVerifierFixture clip) : IClassFixture<ClipVerifierFixture>
{
    [Theory]
    [InlineData("a photo of an ankle booot", "condition.prompt", "'booot'", "boot")]
    [InlineData("a photo of a giraffe on a skateboard", "condition.prompt", "'giraffe'", "'skateboard'")]
    [InlineData("?!", "condition.prompt", "no words", "")]
    [InlineData("", "condition.prompt", "empty", "")]
    public async Task Score_PromptThatIsNotUnderstood_NamesTheWords(string prompt, string field, string first, string second)
    {
        var violation = await RefusedAsync(Request(new Condition { Prompt = prompt }, FashionImages.Padded[0]));

        Assert.Equal(field, violation.Field);
        Assert.Contains(first, violation.Description, StringComparison.Ordinal);
        Assert.Contains(second, violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_PromptThatIsTooLong_IsRefused()
    {
        var prompt = string.Join(' ', Enumerable.Repeat("boot", 1000));

        var violation = await RefusedAsync(Request(new Condition { Prompt = prompt }, FashionImages.Padded[0]));

        Assert.Equal("condition.prompt", violation.Field);
    }

    [Fact]
    public async Task Score_ClassOutOfRange_ListsTheClasses()
    {
        var violation = await RefusedAsync(Request(new Condition { ClassLabel = 10 }, FashionImages.Padded[0]));

        Assert.Equal("condition.class_label", violation.Field);
        Assert.Contains("9 (Ankle boot)", violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_NoCondition_IsRefused()
    {
        var violation = await RefusedAsync(new ScoreRequest { Candidates = { Candidate("a", FashionImages.Padded[0]) } });

        Assert.Equal("condition", violation.Field);
        Assert.Contains("prompt or class", violation.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_MoreThanABatch_IsRefused()
    {
        var violation = await RefusedAsync(Request(new Condition { ClassLabel = 1 }, Enumerable.Repeat(FashionImages.Padded[0], 17)));

        Assert.Equal("candidates", violation.Field);
    }

    [Fact]
    public async Task Score_ImageMissing_IsAnErrorOfThatCandidate()
    {
        var request = Request(new Condition { ClassLabel = 9 }, FashionImages.Padded[9]);
        request.Candidates.Insert(0, new Contracts.VerifierV1.Candidate { Id = "bare" });

        var response = await clip.Client.ScoreAsync(request);

        Assert.Equal("IMAGE_MISSING", response.Scores[0].Error.Reason);
        Assert.Equal((await clip.ScoreAsync(new Condition { ClassLabel = 9 }, FashionImages.Padded[9])).Single(), response.Scores[1].Value);
    }

    [Fact]
    public async Task Score_PinnedWeights_AreTheDescribedOnes()
    {
        var digest = (await clip.Client.DescribeAsync(new DescribeRequest())).Verifier.WeightsDigest;
        var request = Request(new Condition { ClassLabel = 9 }, FashionImages.Padded[9]);
        request.WeightsDigest = digest;
        var other = request.Clone();
        other.WeightsDigest = "sha256:" + new string('0', 64);

        Assert.Equal(digest, (await clip.Client.ScoreAsync(request)).WeightsDigest);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await clip.Client.ScoreAsync(other));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("WEIGHTS_DIGEST_MISMATCH", RpcErrors.Detail<ErrorInfo>(error)!.Reason);
    }

    private async Task<BadRequest.Types.FieldViolation> RefusedAsync(ScoreRequest request)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await clip.Client.ScoreAsync(request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations);
    }
}
