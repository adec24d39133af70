using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class ModelTests(DenoiserFixture denoiser)
{
    [Fact]
    public async Task ListModels_EmbeddedModel_IsDescribed()
    {
        var models = (await denoiser.Client.ListModelsAsync(new ListModelsRequest())).Models;
        Assert.Equal([DenoiserFixture.ModelName, "fashion-flow-small", "fashion-latent", "fashion-vp"], models.Select(listed => listed.Name));
        var model = models[0];

        Assert.Equal(DenoiserFixture.ModelName, model.Name);
        Assert.Equal(ModelState.Ready, model.State);
        Assert.Matches("^sha256:[0-9a-f]{64}$", model.Digest);
        Assert.Equal([ComponentKind.Denoiser, ComponentKind.TextEncoder], model.Components.Select(component => component.Kind));
        Assert.Equal(("linear-flow", "velocity"), (model.Form, model.Prediction));
        Assert.Equal([1, 32, 32], model.LatentShape);
        Assert.Equal([32, 32, 1], model.ImageShape);
        Assert.Equal(10, model.Classes.Count);
        Assert.True(model.AcceptsPrompt);
        Assert.InRange(model.MaxTokens, 1, 1000);
        Assert.Equal(["amed", "ddim", "ddpm", "dpmpp-2m", "dpmpp-2m-sde", "euler", "euler-ancestral", "heun"], model.Samplers);
        Assert.Equal(["uniform", "ddpm-leading", "ddpm-trailing", "karras", "log-snr"], model.Schedules);
        Assert.Matches("^onnxruntime-.*/cpu/.*/threads-2$", model.ComputeClass);
    }

    [Fact]
    public async Task GetModel_KnownName_IsTheListedOne()
    {
        var listed = (await denoiser.Client.ListModelsAsync(new ListModelsRequest())).Models[0];

        var got = await denoiser.Client.GetModelAsync(new GetModelRequest { Name = DenoiserFixture.ModelName });

        Assert.Equal(listed, got.Model);
    }

    [Fact]
    public async Task GetModel_UnknownName_ListsTheKnown()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await denoiser.Client.GetModelAsync(new GetModelRequest { Name = "sdxl" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
        Assert.Contains("there is no model 'sdxl'; known: fashion-flow", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:0000", "", "MODEL_DIGEST_MISMATCH")]
    [InlineData("", "onnxruntime-0/gpu", "COMPUTE_CLASS_MISMATCH")]
    public async Task Sample_PinThatDoesNotMatch_IsRefused(string digest, string computeClass, string reason)
    {
        var request = DenoiserFixture.Request(DenoiserFixture.FromNoise("a", 0));
        (request.ModelDigest, request.ComputeClass) = (digest, computeClass);

        var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleAsync(request));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal(reason, RpcErrors.Detail<ErrorInfo>(error)!.Reason);
    }

    [Fact]
    public async Task Sample_PinsThatMatch_AreAccepted()
    {
        var model = (await denoiser.Client.GetModelAsync(new GetModelRequest { Name = DenoiserFixture.ModelName })).Model;
        var request = DenoiserFixture.Request(DenoiserFixture.FromNoise("a", 0));
        (request.ModelDigest, request.ComputeClass) = (model.Digest, model.ComputeClass);

        Assert.Single(await denoiser.SampleAsync(request));
    }

    [Fact]
    public async Task Host_FailedModelBesideAGoodOne_ServesTheGood()
    {
        var repository = Directory.CreateTempSubdirectory("models-").FullName;
        try
        {
            CopyModel(Path.Combine(repository, DenoiserFixture.ModelName));
            Directory.CreateDirectory(Path.Combine(repository, "broken"));
            await File.WriteAllTextAsync(Path.Combine(repository, "broken", "manifest.json"), "{ \"schema\": 1, ");
            await using var host = await RunningHost.StartAsync(DenoiserHost.Build, "--Denoiser:Threads=1", $"--Models:Path={repository}");
            var client = new DenoiserService.DenoiserServiceClient(host.Channel);

            var models = (await client.ListModelsAsync(new ListModelsRequest())).Models;
            var health = await new Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest { Service = DenoiserService.Descriptor.FullName });
            var sampled = await DenoiserFixture.SampleAsync(client, DenoiserFixture.Request(DenoiserFixture.FromNoise("a", 0)));
            var spoilt = DenoiserFixture.Request(DenoiserFixture.FromNoise("a", 0));
            spoilt.Model = "broken";
            var error = await Assert.ThrowsAsync<RpcException>(() => DenoiserFixture.SampleAsync(client, spoilt));

            Assert.Equal([("broken", ModelState.Failed), (DenoiserFixture.ModelName, ModelState.Ready)], models.Select(model => (model.Name, model.State)));
            Assert.StartsWith("manifest.json: ", models[0].Error, StringComparison.Ordinal);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
            Assert.Single(sampled);
            Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
            Assert.Equal("MODEL_NOT_READY", RpcErrors.Detail<ErrorInfo>(error)!.Reason);
        }
        finally
        {
            Directory.Delete(repository, recursive: true);
        }
    }

    [Theory]
    [InlineData("--Models:Path=/no/such/folder", "Models:Path must name a folder that exists")]
    [InlineData("--Denoiser:MaxBatchRows=1", "MaxBatchRows")]
    [InlineData("--Denoiser:Threads=-1", "Threads")]
    [InlineData("--Denoiser:Provider=gpu", "Provider")]
    public async Task Host_OptionOutOfRange_DoesNotStart(string argument, string expected)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningHost.StartAsync(DenoiserHost.Build, argument));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_CudaOnADeviceThatIsNotThere_DoesNotStartAndSaysWhatToDo()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => RunningHost.StartAsync(DenoiserHost.Build, "--Denoiser:Provider=cuda", "--Denoiser:DeviceId=1024"));

        Assert.StartsWith("Denoiser:Provider: CUDA cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(", or choose the provider cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_AutoOnADeviceThatIsNotThere_ServesOnTheProcessor()
    {
        await using var host = await RunningHost.StartAsync(
            DenoiserHost.Build, "--Denoiser:Provider=auto", "--Denoiser:DeviceId=1024", "--Denoiser:MeasureBatchCurve=false");
        var client = new DenoiserService.DenoiserServiceClient(host.Channel);

        var models = (await client.ListModelsAsync(new ListModelsRequest())).Models;

        Assert.NotEmpty(models);
        Assert.All(models, model => Assert.Equal("cpu", model.Provider));
    }

    private static void CopyModel(string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", DenoiserFixture.ModelName)))
        {
            File.Copy(file, Path.Combine(destination, Path.GetFileName(file)));
        }
    }
}
