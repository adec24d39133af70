using DiffusionMesh.Inference;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Loads and warms up the models beside the running server, which is ready when any of them is.</summary>
internal sealed partial class ModelLoading(
    IOptions<ModelsOptions> models, ModelLoader loader, ServedModels served, ILogger<ModelLoading> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Load(stoppingToken), stoppingToken);

    private void Load(CancellationToken cancellationToken)
    {
        var shelf = loader.LoadAll(cancellationToken);
        served.Open(shelf);
        if (shelf.Ready.IsEmpty)
        {
            LogNone(logger, models.Value.Path);
        }
    }

    [LoggerMessage(EventName = "NoModelReady", Level = LogLevel.Critical, Message = "No model in {Path} can be served: this server will not become ready")]
    private static partial void LogNone(ILogger logger, string path);
}
