using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.ServiceDefaults.Health;
using Grpc.Core;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>The models of this server, once they are loaded.</summary>
internal sealed class ServedModels(ServiceHealth health) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<ServedModel> _retiring = [];
    private ModelShelf? _shelf;

    /// <exception cref="RpcException">UNAVAILABLE: the models are being loaded.</exception>
    public ModelShelf Shelf => Volatile.Read(ref _shelf)
        ?? throw new RpcException(new Status(StatusCode.Unavailable, "the models are still being loaded; try again soon"));

    /// <summary>Begins the service.</summary>
    public void Open(ModelShelf shelf) => Replace(shelf);

    /// <summary>Puts a version into service in place of the one that has its name and number, if there is one.</summary>
    /// <param name="folder">Where it was loaded from.</param>
    public void Add(string folder, ServedModel model)
    {
        lock (_lock)
        {
            var replaced = Shelf.Ready.Where(served => served.Name == model.Name && served.Version == model.Version).ToArray();
            Replace(new ModelShelf(Shelf.Ready.RemoveRange(replaced).Add(model), Shelf.Failed.Remove(folder)));
            Array.ForEach(replaced, served => _ = RetireAsync(served));
        }
    }

    /// <summary>Takes versions out of service.</summary>
    /// <param name="name">Of the model.</param>
    /// <param name="version">Of one version; empty means all.</param>
    /// <returns>What was taken, and what completes when their last calls have ended and their memory is given back.</returns>
    /// <exception cref="RpcException">NOT_FOUND.</exception>
    public (ImmutableArray<ServedModel> Models, Task Gone) Remove(string name, string version)
    {
        lock (_lock)
        {
            var versions = Shelf.Versions(name);
            if (versions.IsEmpty)
            {
                throw RpcErrors.NotFound("name", "model", name, Shelf.Names);
            }

            var removed = version.Length == 0 ? versions : versions.RemoveAll(served => served.Version != version);
            if (removed.IsEmpty)
            {
                throw RpcErrors.NotFound("version", $"version of {name}", version, versions.Select(served => served.Version));
            }

            Replace(Shelf with { Ready = Shelf.Ready.RemoveRange(removed) });
            return (removed, Task.WhenAll(removed.Select(RetireAsync)));
        }
    }

    /// <summary>Descriptions of all models, or of one.</summary>
    public IEnumerable<Model> Describe()
    {
        var shelf = Shelf;
        return shelf.Ready.Select(ModelMessages.Ready)
            .Concat(shelf.Failed.Select(failed => ModelMessages.Failed(failed.Key, failed.Value)))
            .OrderBy(model => model.Name, StringComparer.Ordinal)
            .ThenBy(model => model.Version, VersionOrder.Instance);
    }

    /// <exception cref="RpcException">NOT_FOUND, listing the known names; INVALID_ARGUMENT if the name is empty.</exception>
    public Model Describe(string field, string name) => Find(field, name) is { } served
        ? ModelMessages.Ready(served)
        : ModelMessages.Failed(name, Shelf.Failed[name]);

    /// <summary>A model that can be used now, with the weights and the arithmetic that the caller pinned.</summary>
    /// <param name="name"><c>name</c> or <c>name@version</c>.</param>
    /// <param name="digest">Pinned digest, or empty; it chooses among the versions of a bare name.</param>
    /// <param name="computeClass">Pinned compute class, or empty.</param>
    /// <exception cref="RpcException">NOT_FOUND, or FAILED_PRECONDITION with its reason.</exception>
    public ModelLease Require(string name, string digest, string computeClass = "")
    {
        while (true)
        {
            var served = Find("model", name, digest) ?? throw RpcErrors.FailedPrecondition(
                "MODEL_NOT_READY", $"model '{name}' could not be loaded: {Shelf.Failed[name]}", ("model", name));
            if (digest.Length > 0 && digest != served.Model.Digest)
            {
                throw RpcErrors.FailedPrecondition(
                    "MODEL_DIGEST_MISMATCH",
                    $"model '{name}' has digest {served.Model.Digest}, not {digest}",
                    ("model", name), ("digest", served.Model.Digest));
            }

            if (computeClass.Length > 0 && computeClass != served.Model.ComputeClass)
            {
                throw RpcErrors.FailedPrecondition(
                    "COMPUTE_CLASS_MISMATCH",
                    $"this server computes as {served.Model.ComputeClass}, not as {computeClass}",
                    ("compute_class", served.Model.ComputeClass));
            }

            // If it has just been replaced, its successor is on the shelf already.
            if (served.TryEnter())
            {
                return new ModelLease(served);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var model in _shelf?.Ready ?? [])
            {
                model.Dispose();
            }

            foreach (var model in _retiring)
            {
                model.Dispose();
            }
        }
    }

    /// <returns>The model, or null if its folder failed to load.</returns>
    private ServedModel? Find(string field, string name, string digest = "")
    {
        var shelf = Shelf;
        if (name.Length == 0)
        {
            var violations = new FieldViolations();
            violations.Add(field, $"is required; known models: {string.Join(", ", shelf.Names.Concat(shelf.Failed.Keys).Order(StringComparer.Ordinal))}");
            violations.ThrowIfAny();
        }

        return shelf.Find(name, digest)
            ?? (shelf.Failed.ContainsKey(name) ? null : throw RpcErrors.NotFound(field, "model", name, shelf.Names.Concat(shelf.Failed.Keys)));
    }

    private async Task RetireAsync(ServedModel model)
    {
        lock (_lock)
        {
            _retiring.Add(model);
        }

        await model.RetireAsync();
        lock (_lock)
        {
            _retiring.Remove(model);
        }
    }

    // Ready are the server, its service and, by name, each model of it.
    private void Replace(ModelShelf shelf)
    {
        var before = _shelf?.Ready ?? [];
        Volatile.Write(ref _shelf, shelf);
        var service = DenoiserService.Descriptor.FullName;
        foreach (var name in before.Concat(shelf.Ready).Select(served => served.Name).Distinct(StringComparer.Ordinal))
        {
            health.Set($"{service}/{name}", !shelf.Versions(name).IsEmpty);
        }

        health.Set(service, shelf.Ready.Length > 0);
        health.Set(ServiceHealth.Server, shelf.Ready.Length > 0);
    }
}
