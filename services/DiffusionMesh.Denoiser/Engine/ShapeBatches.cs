using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>The memory of ticks, kept for the shapes that were used last.</summary>
internal sealed class ShapeBatches(DiffusionModel model, int maxRows) : IDisposable
{
    private const int MaxShapes = 4;

    private readonly List<NetworkBatch> _batches = [];

    /// <summary>An empty batch for a shape.</summary>
    public NetworkBatch Of(LatentShape shape)
    {
        foreach (var known in _batches)
        {
            if (known.Shape == shape)
            {
                known.Clear();
                return known;
            }
        }

        if (_batches.Count == MaxShapes)
        {
            _batches[0].Dispose();
            _batches.RemoveAt(0);
        }

        var batch = model.CreateBatch(maxRows, shape);
        _batches.Add(batch);
        return batch;
    }

    public void Dispose() => _batches.ForEach(batch => batch.Dispose());
}
