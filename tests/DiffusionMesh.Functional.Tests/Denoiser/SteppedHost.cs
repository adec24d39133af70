using System.Text.Json.Nodes;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Denoiser.Models;
using Microsoft.Extensions.DependencyInjection;
using Trajectory = DiffusionMesh.Contracts.DenoiserV1.Trajectory;

namespace DiffusionMesh.Functional.Tests.Denoiser;

/// <summary>A denoiser over a repository of its own, whose network is stepped by the test.</summary>
internal sealed class SteppedHost : IAsyncDisposable
{
    public const string ModelName = "stepped";

    private const string Original = "fashion-flow-small";

    private SteppedHost(string repository) => Repository = repository;

    public string Repository { get; }

    /// <summary>The network of the model that was loaded last.</summary>
    public SteppedNetwork Network { get; private set; } = null!;

    public RunningHost Host { get; private set; } = null!;

    public DenoiserService.DenoiserServiceClient Client => new(Host.Channel);

    public ModelAdminService.ModelAdminServiceClient Admin => new(Host.Channel);

    public ServedModels Models => Host.App.Services.GetRequiredService<ServedModels>();

    public ServedModel Served => Models.Shelf.Find(ModelName)!;

    public StepEngine Engine => Served.Engine;

    public static async Task<SteppedHost> StartAsync(params string[] args)
    {
        var host = new SteppedHost(Directory.CreateTempSubdirectory("models-").FullName);
        host.AddFolder("first", "1.9");
        host.Host = await RunningHost.StartAsync(
            all => DenoiserHost.Build(all, own =>
            {
                own.Dispose();
                return host.Network = new SteppedNetwork();
            }),
            ["--Denoiser:Threads=1", "--Denoiser:MeasureBatchCurve=false", $"--Models:Path={host.Repository}", .. args]);
        return host;
    }

    public static SampleRequest Request(int steps, params Trajectory[] trajectories) =>
        new() { Model = ModelName, Sampler = "euler", Steps = steps, Guidance = 1, Trajectories = { trajectories } };

    public static Trajectory[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => DenoiserFixture.FromNoise($"t{i}", (uint)i))];

    /// <summary>Puts a version of the model into the repository.</summary>
    public void AddFolder(string folder, string version)
    {
        var path = Directory.CreateDirectory(Path.Combine(Repository, folder)).FullName;
        foreach (var original in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "models", Original)))
        {
            File.Copy(original, Path.Combine(path, Path.GetFileName(original)));
        }

        var file = Path.Combine(path, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        (manifest["name"], manifest["version"]) = (ModelName, version);
        File.WriteAllText(file, manifest.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        Directory.Delete(Repository, recursive: true);
    }
}
