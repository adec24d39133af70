namespace DiffusionMesh.Inference.Models;

/// <summary>What predicts: the network of a model's file, or a simulated accelerator.</summary>
public interface IDenoiserNetwork : IDisposable
{
    /// <summary>Fills in <see cref="NetworkBatch.Prediction"/> of all rows. Never called by two threads at a time.</summary>
    /// <exception cref="InvalidOperationException">The network refuses the rows.</exception>
    void Evaluate(NetworkBatch batch);

    /// <summary>Makes an evaluation under way, and all to come, fail soon. Called by any thread; a network that cannot does nothing.</summary>
    void Terminate()
    {
    }
}
