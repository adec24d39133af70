using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks.Simulated;

/// <summary>A network in the place of a model's own.</summary>
internal sealed class Instead(IDenoiserNetwork own, IDenoiserNetwork other) : IDenoiserNetwork
{
    public void Evaluate(NetworkBatch batch) => other.Evaluate(batch);

    public void Dispose()
    {
        own.Dispose();
        other.Dispose();
    }
}
