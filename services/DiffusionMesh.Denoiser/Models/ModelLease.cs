namespace DiffusionMesh.Denoiser.Models;

/// <summary>A model in the hands of one call.</summary>
internal sealed class ModelLease(ServedModel served) : IDisposable
{
    public ServedModel Served { get; } = served;

    public void Dispose() => Served.Leave();
}
