using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Inference;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Loads and unloads models while the server runs, one at a time.</summary>
internal sealed partial class ModelAdministration(
    IOptions<ModelsOptions> models, ModelLoader loader, ServedModels served, ILogger<ModelAdministration> logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Loads a folder beside what runs, then swaps it in.</summary>
    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT or NOT_FOUND: no such folder. FAILED_PRECONDITION: it cannot be served; what served before still does.
    /// </exception>
    public async Task<ServedModel> LoadAsync(string folder, CancellationToken cancellationToken)
    {
        CheckFolder(folder);
        _ = served.Shelf;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var model = await Task.Run(() => loader.Load(folder), cancellationToken);
            served.Add(folder, model);
            return model;
        }
        catch (ModelLoadException e)
        {
            LogNotLoaded(logger, folder, e.Message);
            throw RpcErrors.FailedPrecondition(
                "MODEL_NOT_LOADED", $"folder '{folder}' cannot be served, what served before still does: {e.Message}", ("folder", folder));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes versions out of service and waits till their last calls have ended and their memory is given back.</summary>
    /// <exception cref="RpcException">NOT_FOUND.</exception>
    public async Task<ImmutableArray<ServedModel>> UnloadAsync(string name, string version, CancellationToken cancellationToken)
    {
        var (removed, gone) = served.Remove(name, version);
        await gone.WaitAsync(cancellationToken);
        foreach (var model in removed)
        {
            LogUnloaded(logger, model.Name, model.Version);
        }

        return removed;
    }

    public void Dispose() => _turn.Dispose();

    private void CheckFolder(string folder)
    {
        var violations = new FieldViolations();
        violations.Require(
            folder.Length > 0 && folder is not ("." or "..") && folder.IndexOfAny(['/', '\\', ':', '\0']) < 0,
            "folder",
            folder.Length == 0 ? "is required" : $"is '{folder}'; send the plain name of a folder in the model repository");
        violations.ThrowIfAny();
        var known = Directory.GetDirectories(models.Value.Path).Select(path => Path.GetFileName(path)!).ToHashSet(StringComparer.Ordinal);
        if (!known.Contains(folder))
        {
            throw RpcErrors.NotFound("folder", "folder", folder, known);
        }
    }

    [LoggerMessage(EventName = "ModelNotLoaded", Level = LogLevel.Warning, Message = "Folder {Folder} was not loaded: {Reason}")]
    private static partial void LogNotLoaded(ILogger logger, string folder, string reason);

    [LoggerMessage(EventName = "ModelUnloaded", Level = LogLevel.Information, Message = "Model {Model} {Version} was unloaded")]
    private static partial void LogUnloaded(ILogger logger, string model, string version);
}
