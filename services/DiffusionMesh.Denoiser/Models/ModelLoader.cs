using System.Collections.Immutable;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Models;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Loads models and gives each a loop that runs it.</summary>
internal sealed partial class ModelLoader(
    IOptions<ModelsOptions> models,
    IOptions<DenoiserOptions> options,
    NetworkReplacement network,
    ILogger<ModelLoader> logger,
    ILogger<StepEngine> engineLogger)
{
    private readonly DiffusionModelOptions _options = new()
    {
        Onnx = options.Value.Onnx.Decide(),
        MaxBatchRows = options.Value.MaxBatchRows,
        Deterministic = options.Value.Profile == DenoiserOptions.DeterministicProfile,
        MeasureBatchCurve = options.Value.MeasureBatchCurve,
        Network = network.With,
    };

    /// <summary>Loads every model of the repository; what cannot be loaded is kept with the reason.</summary>
    public ModelShelf LoadAll(CancellationToken cancellationToken)
    {
        if (_options.Onnx.FallbackReason is { } reason)
        {
            LogFallback(logger, reason);
        }

        var entries = ModelRepository.Load(models.Value.Path, _options, cancellationToken).Entries;
        foreach (var failed in entries.Where(entry => entry.Model is null))
        {
            LogFailed(logger, failed.Name, failed.Error!);
        }

        return new ModelShelf(
            [.. entries.Where(entry => entry.Model is not null).OrderBy(entry => entry.Model!.Manifest.Version, VersionOrder.Instance).Select(entry => Serve(entry.Model!))],
            entries.Where(entry => entry.Model is null).ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Error!, StringComparer.Ordinal));
    }

    /// <summary>Loads one model.</summary>
    /// <param name="folder">A folder directly inside the repository.</param>
    /// <exception cref="ModelLoadException">It cannot be used; the message says which file or field is wrong.</exception>
    public ServedModel Load(string folder) => Serve(DiffusionModel.Load(ModelFolder.Open(Path.Combine(models.Value.Path, folder)), _options));

    private ServedModel Serve(DiffusionModel model)
    {
        LogReady(logger, model.Manifest.Name, model.Manifest.Version, model.ComputeClass);
        foreach (var warning in model.Warnings)
        {
            LogWarning(logger, model.Manifest.Name, warning);
        }

        return new ServedModel(model, new StepEngine(model, options.Value, engineLogger), options.Value.PromptCacheSize);
    }

    [LoggerMessage(EventName = "ProviderFallback", Level = LogLevel.Warning, Message = "Networks are computed on the processor. {Reason}")]
    private static partial void LogFallback(ILogger logger, string reason);

    [LoggerMessage(EventName = "ModelReady", Level = LogLevel.Information, Message = "Model {Model} {Version} is ready on {ComputeClass}")]
    private static partial void LogReady(ILogger logger, string model, string version, string computeClass);

    [LoggerMessage(EventName = "ModelWarning", Level = LogLevel.Warning, Message = "Model {Model}: {Warning}")]
    private static partial void LogWarning(ILogger logger, string model, string warning);

    [LoggerMessage(EventName = "ModelFailed", Level = LogLevel.Error, Message = "Model {Model} cannot be served: {Reason}")]
    private static partial void LogFailed(ILogger logger, string model, string reason);
}
