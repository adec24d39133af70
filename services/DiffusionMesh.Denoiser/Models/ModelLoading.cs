using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Loads and warms up the models beside the running server, then reports it ready if any of them is.</summary>
internal sealed partial class ModelLoading(
    IOptions<ModelsOptions> models,
    IOptions<DenoiserOptions> options,
    NetworkReplacement network,
    ServedModels served,
    ServiceHealth health,
    ILogger<ModelLoading> logger,
    ILogger<StepEngine> engineLogger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Load(stoppingToken), stoppingToken);

    private void Load(CancellationToken cancellationToken)
    {
        var onnx = new OnnxOptions { Threads = options.Value.Threads };
        var computeClass = ComputeClass.Of(onnx);
        var repository = ModelRepository.Load(
            models.Value.Path, new DiffusionModelOptions { Onnx = onnx, MaxBatchRows = options.Value.MaxBatchRows, Network = network.With }, cancellationToken);
        var ready = new Dictionary<string, ServedModel>(StringComparer.Ordinal);
        foreach (var entry in repository.Entries)
        {
            if (entry.Model is { } model)
            {
                var engine = new StepEngine(model, options.Value, engineLogger);
                ready.Add(entry.Name, new ServedModel(model, engine, computeClass, options.Value.PromptCacheSize));
                LogReady(logger, entry.Name, model.Manifest.Version, computeClass);
            }
            else
            {
                LogFailed(logger, entry.Name, entry.Error!);
            }
        }

        served.Set(repository, ready);
        health.Set(DenoiserService.Descriptor.FullName, ready.Count > 0);
        health.Set(ServiceHealth.Server, ready.Count > 0);
        if (ready.Count == 0)
        {
            LogNone(logger, models.Value.Path);
        }
    }

    [LoggerMessage(EventName = "ModelReady", Level = LogLevel.Information, Message = "Model {Model} {Version} is ready on {ComputeClass}")]
    private static partial void LogReady(ILogger logger, string model, string version, string computeClass);

    [LoggerMessage(EventName = "ModelFailed", Level = LogLevel.Error, Message = "Model {Model} cannot be served: {Reason}")]
    private static partial void LogFailed(ILogger logger, string model, string reason);

    [LoggerMessage(EventName = "NoModelReady", Level = LogLevel.Critical, Message = "No model in {Path} can be served: this server will not become ready")]
    private static partial void LogNone(ILogger logger, string path);
}
