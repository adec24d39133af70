using System.Buffers.Binary;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using static DiffusionMesh.Functional.Tests.Scorers.RunningScorer;
using Condition = DiffusionMesh.Contracts.TensorV1.Condition;
using DataType = DiffusionMesh.Contracts.TensorV1.DataType;
using Tensor = DiffusionMesh.Contracts.TensorV1.Tensor;

namespace DiffusionMesh.Functional.Tests.Scorers;

public sealed class FeatureServiceTests : IAsyncLifetime
{
    private RunningScorer _oracle = null!;

    private FeatureService.FeatureServiceClient Client => new(_oracle.Host.Channel);

    public static double[] Doubles(Tensor tensor)
    {
        Assert.Equal(DataType.Fp64, tensor.DataType);
        return [.. tensor.Data.ToByteArray().Chunk(sizeof(double)).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes))];
    }

    public async Task InitializeAsync() => _oracle = await StartAsync("oracle", "--Verifier:MaxBatchSize=40");

    public async Task DisposeAsync() => await _oracle.DisposeAsync();

    [Fact]
    public async Task GetReference_EmbeddedModel_SaysWhatRealImagesLookLike()
    {
        var reference = await Client.GetReferenceAsync(new GetReferenceRequest());

        Assert.Equal("fashion-features", reference.Name);
        Assert.Equal((await _oracle.DescribeAsync()).WeightsDigest, reference.WeightsDigest);
        Assert.Equal(("T-shirt/top", 10), (reference.Classes[0], reference.Classes.Count));
        Assert.True(reference.Count > 1);
        Assert.Equal([128], reference.Mean.Shape);
        Assert.Equal([128, 128], reference.Covariance.Shape);
        Assert.Equal([2000, 128], reference.Features.Shape);
        Assert.Equal(2000 * 128 * sizeof(float), reference.Features.Data.Length);
        Assert.Equal(40, reference.MaxBatchSize);
        Assert.All(Doubles(reference.Mean), value => Assert.True(double.IsFinite(value)));
        var covariance = Doubles(reference.Covariance);
        Assert.All(Enumerable.Range(0, 128), i => Assert.True(covariance[i * 129] >= 0));
    }

    [Fact]
    public async Task Embed_AloneOrTogether_GivesTheSameBits()
    {
        var together = await EmbedAsync([.. Images.Select(image => Final(image).Image)]);

        for (var i = 0; i < Images.Count; i++)
        {
            var alone = await EmbedAsync(Final(Images[i]).Image);
            Assert.Equal(together.Features[(i * 128)..((i + 1) * 128)], alone.Features);
            Assert.Equal(together.Probabilities[(i * 10)..((i + 1) * 10)], alone.Probabilities);
        }
    }

    [Fact]
    public async Task Embed_Probabilities_AreTheScoresOfTheOracle()
    {
        var (_, probabilities) = await EmbedAsync([.. Images.Select(image => Final(image).Image)]);

        var scores = await _oracle.ScoreAsync(Images, new Condition { ClassLabel = 3 });

        Assert.Equal(scores.Select(score => (float)score), Images.Select((_, i) => probabilities[(i * 10) + 3]));
    }

    [Fact]
    public async Task Embed_BadImages_NamesEach()
    {
        var good = Final(Images[0]).Image;
        var wrongType = good.Clone();
        wrongType.DataType = DataType.Fp32;
        var wrongShape = TensorMapping.ToMessage(new byte[4], 2, 2);

        Assert.Equal(["images[1].data_type", "images[2].shape"], await RefusedFieldsAsync(good, wrongType, wrongShape));
    }

    [Fact]
    public async Task Embed_NothingOrTooMuch_IsRefused()
    {
        Assert.Equal(["images"], await RefusedFieldsAsync());
        Assert.Equal(["images"], await RefusedFieldsAsync([.. Enumerable.Repeat(Final(Images[0]).Image, 41)]));
    }

    [Fact]
    public async Task Health_OfTheFeatureService_IsServing()
    {
        var health = await new Health.HealthClient(_oracle.Host.Channel)
            .CheckAsync(new HealthCheckRequest { Service = "diffusionmesh.verifier.v1.FeatureService" });

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    private async Task<(float[] Features, float[] Probabilities)> EmbedAsync(params Tensor[] images)
    {
        var response = await Client.EmbedAsync(new EmbedRequest { Images = { images } });
        Assert.Equal([images.Length, 128], response.Features.Shape);
        Assert.Equal([images.Length, 10], response.Probabilities.Shape);
        Assert.Equal((await _oracle.DescribeAsync()).WeightsDigest, response.WeightsDigest);
        var (features, probabilities) = (new float[images.Length * 128], new float[images.Length * 10]);
        TensorMapping.CopyTo(response.Features, features);
        TensorMapping.CopyTo(response.Probabilities, probabilities);
        return (features, probabilities);
    }

    private async Task<string[]> RefusedFieldsAsync(params Tensor[] images)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.EmbedAsync(new EmbedRequest { Images = { images } }));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return [.. RpcErrors.Detail<BadRequest>(error)!.FieldViolations.Select(violation => violation.Field)];
    }
}
