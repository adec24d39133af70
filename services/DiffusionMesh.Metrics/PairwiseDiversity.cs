using System.Numerics.Tensors;

namespace DiffusionMesh.Metrics;

/// <summary>How far apart the members of a set are: their mean Euclidean distance, over all pairs.</summary>
public static class PairwiseDiversity
{
    /// <param name="features">[N, D], row-major.</param>
    /// <param name="dimension">D.</param>
    /// <returns>0 for fewer than two members.</returns>
    public static double Of(ReadOnlySpan<float> features, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        var count = features.Length / dimension;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                sum += TensorPrimitives.Distance(features.Slice(i * dimension, dimension), features.Slice(j * dimension, dimension));
            }
        }

        return count < 2 ? 0 : sum / (count * (count - 1L) / 2);
    }
}
