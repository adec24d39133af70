using DiffusionMesh.Contracts;
using DiffusionMesh.Inference.Models;
using Grpc.Core;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>The models of this server, once they are loaded.</summary>
internal sealed class ServedModels : IDisposable
{
    private Loaded? _loaded;

    /// <summary>All models in order of their names, those that failed to load included.</summary>
    public IEnumerable<ModelEntry> Entries => Require().Repository.Entries;

    public void Set(ModelRepository repository, IReadOnlyDictionary<string, ServedModel> ready) =>
        Volatile.Write(ref _loaded, new Loaded(repository, ready));

    /// <summary>The ready model of an entry, or null.</summary>
    public ServedModel? Ready(ModelEntry entry) => Require().Ready.GetValueOrDefault(entry.Name);

    /// <exception cref="RpcException">NOT_FOUND, listing the known names; INVALID_ARGUMENT if the name is empty.</exception>
    public ModelEntry FindEntry(string field, string name)
    {
        var repository = Require().Repository;
        var known = repository.Entries.Select(entry => entry.Name);
        if (name.Length == 0)
        {
            var violations = new FieldViolations();
            violations.Add(field, $"is required; known models: {string.Join(", ", known)}");
            violations.ThrowIfAny();
        }

        return repository.Find(name) ?? throw RpcErrors.NotFound(field, "model", name, known);
    }

    /// <summary>A model that can be used now, with the weights and the arithmetic that the caller pinned.</summary>
    /// <param name="name">Of the model.</param>
    /// <param name="digest">Pinned digest, or empty.</param>
    /// <param name="computeClass">Pinned compute class, or empty.</param>
    /// <exception cref="RpcException">NOT_FOUND, or FAILED_PRECONDITION with its reason.</exception>
    public ServedModel Require(string name, string digest, string computeClass = "")
    {
        var entry = FindEntry("model", name);
        var served = Ready(entry)
            ?? throw RpcErrors.FailedPrecondition("MODEL_NOT_READY", $"model '{name}' could not be loaded: {entry.Error}", ("model", name));
        if (digest.Length > 0 && digest != served.Model.Digest)
        {
            throw RpcErrors.FailedPrecondition(
                "MODEL_DIGEST_MISMATCH",
                $"model '{name}' has digest {served.Model.Digest}, not {digest}",
                ("model", name), ("digest", served.Model.Digest));
        }

        return computeClass.Length == 0 || computeClass == served.ComputeClass ? served : throw RpcErrors.FailedPrecondition(
            "COMPUTE_CLASS_MISMATCH",
            $"this server computes as {served.ComputeClass}, not as {computeClass}",
            ("compute_class", served.ComputeClass));
    }

    public void Dispose()
    {
        if (_loaded is not { } loaded)
        {
            return;
        }

        foreach (var model in loaded.Ready.Values)
        {
            model.Dispose();
        }

        loaded.Repository.Dispose();
    }

    private Loaded Require() => Volatile.Read(ref _loaded)
        ?? throw new RpcException(new Status(StatusCode.Unavailable, "the models are still being loaded; try again soon"));

    private sealed record Loaded(ModelRepository Repository, IReadOnlyDictionary<string, ServedModel> Ready);
}
