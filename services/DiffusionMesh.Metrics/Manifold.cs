using System.Numerics.Tensors;

namespace DiffusionMesh.Metrics;

/// <summary>
/// A set of feature vectors and the balls around them that make up its manifold: each reaches to the vector's k-th nearest
/// neighbour in the set, itself excluded; the surface belongs to it (Kynkäänniemi et al., arXiv 1904.06991).
/// </summary>
public sealed class Manifold
{
    /// <summary>As published.</summary>
    public const int DefaultNeighbours = 3;

    private readonly float[] _features;
    private readonly int _dimension;
    private readonly double[] _radii;

    /// <param name="features">[N, D], row-major; kept, not copied. N is more than <paramref name="neighbours"/>.</param>
    /// <param name="dimension">D.</param>
    /// <param name="neighbours">k.</param>
    public Manifold(float[] features, int dimension, int neighbours = DefaultNeighbours)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        (_features, _dimension, Count) = (features, dimension, features.Length / dimension);
        if (Count * dimension != features.Length || Count <= neighbours)
        {
            throw new ArgumentException($"{features.Length} values are not more than {neighbours} rows of {dimension}", nameof(features));
        }

        _radii = new double[Count];
        Parallel.For(0, Count, row => _radii[row] = Radius(row, neighbours));
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>Precision and recall of generated samples against real ones.</summary>
    public static PrecisionRecall Compare(Manifold real, Manifold generated) => new(real.Coverage(generated), generated.Coverage(real));

    /// <summary>Share of the other set's vectors that lie within this manifold.</summary>
    public double Coverage(Manifold others)
    {
        if (others._dimension != _dimension)
        {
            throw new ArgumentException($"has {others._dimension} dimensions, not {_dimension}", nameof(others));
        }

        var covered = 0;
        Parallel.For(
            0,
            others.Count,
            () => 0,
            (row, _, mine) => mine + (Contains(others.Row(row)) ? 1 : 0),
            mine => Interlocked.Add(ref covered, mine));
        return (double)covered / others.Count;
    }

    private bool Contains(ReadOnlySpan<float> vector)
    {
        for (var row = 0; row < Count; row++)
        {
            if (TensorPrimitives.Distance(vector, Row(row)) <= _radii[row])
            {
                return true;
            }
        }

        return false;
    }

    private double Radius(int row, int neighbours)
    {
        Span<float> nearest = stackalloc float[neighbours];
        nearest.Fill(float.PositiveInfinity);
        for (var other = 0; other < Count; other++)
        {
            var distance = other == row ? float.PositiveInfinity : TensorPrimitives.Distance(Row(row), Row(other));
            for (var place = neighbours - 1; place >= 0 && distance < nearest[place]; place--)
            {
                if (place < neighbours - 1)
                {
                    nearest[place + 1] = nearest[place];
                }

                nearest[place] = distance;
            }
        }

        return nearest[^1];
    }

    private ReadOnlySpan<float> Row(int row) => _features.AsSpan(row * _dimension, _dimension);
}
