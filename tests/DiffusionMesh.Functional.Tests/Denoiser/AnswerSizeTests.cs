using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Denoiser.SteppedHost;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class AnswerSizeTests
{
    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task Sample_AnswerOfMoreThanAMessage_IsRefusedBeforeItIsMade(int levels, bool fits)
    {
        await using var host = await StartAsync("--MaxMessageMebibytes=1");
        var request = Request(2, [new Trajectory { Id = "a", Latent = TensorMapping.ToMessage(new float[240 * 240], 1, 240, 240) }]);
        request.Outputs = new SampleOutputs { XPredictionNoiseLevels = { Enumerable.Repeat(.5, levels) } };

        if (fits)
        {
            Assert.Single(await DenoiserFixture.SampleAsync(host.Client, request));
            return;
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => DenoiserFixture.SampleAsync(host.Client, request));
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("outputs.x_prediction_noise_levels: would make an answer of ", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(0, host.Engine.Ticks);
    }

    [Fact]
    public async Task Decode_ImagesOfMoreThanAMessage_AreRefused()
    {
        await using var host = await StartAsync("--MaxMessageMebibytes=1");
        var latent = TensorMapping.ToMessage(new float[64], 1, 8, 8);
        var request = new DecodeRequest { Model = ModelName };
        request.Latents.Add(Enumerable.Repeat(latent, 200));
        var small = (await host.Client.DecodeAsync(request)).Images.Count;
        request.Latents.Add(Enumerable.Repeat(latent, 800));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.DecodeAsync(request));

        Assert.Equal(200, small);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
    }

    [Fact]
    public async Task Sample_PredictionsOfManyCalls_WaitForRoomTogether()
    {
        await using var host = await StartAsync("--Denoiser:MaxKeptMebibytes=1");
        var request = Request(2, [new Trajectory { Id = "a", Latent = TensorMapping.ToMessage(new float[240 * 240], 1, 240, 240) }]);
        request.Outputs = new SampleOutputs { XPredictionNoiseLevels = { .5, .6, .7 } };
        host.Network.Hold();
        var first = DenoiserFixture.SampleAsync(host.Client, request);
        await host.Network.EnteredAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => DenoiserFixture.SampleAsync(host.Client, request));
        host.Network.Free();

        Assert.Single(await first);
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.NotNull(RpcErrors.Detail<RetryInfo>(error));
        Assert.Single(await DenoiserFixture.SampleAsync(host.Client, request));
    }
}
