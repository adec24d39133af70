using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Denoiser.Models;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using NoiseAddress = DiffusionMesh.Diffusion.Noise.NoiseAddress;
using Trajectory = DiffusionMesh.Contracts.DenoiserV1.Trajectory;

namespace DiffusionMesh.Functional.Tests.Denoiser;

/// <summary>The denoiser's host with the embedded model. Its tests run one after the other: some count the engine's ticks, which take what fits.</summary>
public sealed class DenoiserFixture : IAsyncLifetime
{
    public const string ModelName = "fashion-flow";

    public RunningHost Host { get; private set; } = null!;

    public DenoiserService.DenoiserServiceClient Client => new(Host.Channel);

    internal StepEngine Engine => EngineOf(Host);

    public static SampleRequest Request(params Trajectory[] trajectories) =>
        new() { Model = ModelName, Sampler = "euler", Steps = 2, Guidance = 1, Trajectories = { trajectories } };

    public static Trajectory FromNoise(string id, uint candidate, Contracts.TensorV1.Condition? condition = null) => new()
    {
        Id = id,
        Noise = new NoiseExpression { Draw = Contracts.NoiseMapping.ToMessage(NoiseAddress.Of(7, candidate)) },
        Condition = condition,
    };

    public static Contracts.TensorV1.Condition Prompt(string text) => new() { Prompt = text };

    public static async Task<Dictionary<string, SampleResult>> SampleAsync(DenoiserService.DenoiserServiceClient client, SampleRequest request)
    {
        using var call = client.Sample(request);
        return await call.ResponseStream.ReadAllAsync()
            .Where(response => response.Result is not null)
            .ToDictionaryAsync(response => response.Result.TrajectoryId, response => response.Result);
    }

    public Task<Dictionary<string, SampleResult>> SampleAsync(SampleRequest request) => SampleAsync(Client, request);

    public async Task<SampleResult> SampleOneAsync(SampleRequest request) => (await SampleAsync(request)).Values.Single();

    /// <summary>Waits till the engine has let go of what earlier tests cancelled: each call gives it a tick in which to notice.</summary>
    public async Task IdleAsync()
    {
        do
        {
            await SampleAsync(Request(FromNoise("a", 0)));
        }
        while (Engine.Unfinished > 0);
    }

    public async Task InitializeAsync() => Host = await RunningHost.StartAsync(
        DenoiserHost.Build, "--Denoiser:Threads=2", "--Denoiser:MeasureBatchCurve=false");

    public async Task DisposeAsync() => await Host.DisposeAsync();

    internal static StepEngine EngineOf(RunningHost host)
    {
        var models = host.App.Services.GetRequiredService<ServedModels>();
        return models.Shelf.Find(ModelName)!.Engine;
    }
}

[CollectionDefinition("denoiser")]
public sealed class DenoiserGroup : ICollectionFixture<DenoiserFixture>;
