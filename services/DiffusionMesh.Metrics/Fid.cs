using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace DiffusionMesh.Metrics;

/// <summary>
/// Fréchet distance to a reference set: |μ - μr|² + Tr(S + Sr - 2 (S Sr)^(1/2)) (Heusel et al., arXiv 1706.08500). The trace of
/// the root is the sum of the singular values of S^(1/2) Sr^(1/2). It is a distance in the space of the features: name them
/// beside every figure.
/// </summary>
public sealed class Fid
{
    private readonly FeatureStatistics _reference;
    private readonly Matrix<double> _referenceRoot;

    /// <param name="reference">Statistics of the real images; the root of their covariance is taken once.</param>
    public Fid(FeatureStatistics reference) => (_reference, _referenceRoot) = (reference, MatrixRoot.Of(reference));

    /// <summary>D, the length of the vectors.</summary>
    public int Dimension => _reference.Dimension;

    /// <summary>The distance between two sets, 0 or more but for rounding.</summary>
    public static double Between(FeatureStatistics set, FeatureStatistics reference) => new Fid(reference).Of(set);

    /// <summary>The distance of a set.</summary>
    public double Of(FeatureStatistics set) => Growing(set).Distance();

    /// <summary>Prepares to ask what the distance would be if one more vector were in the set.</summary>
    public GrowingSet Growing(FeatureStatistics set) => set.Dimension == Dimension
        ? new GrowingSet(this, set)
        : throw new ArgumentException($"has vectors of {set.Dimension} numbers; the reference's have {Dimension}", nameof(set));

    private double Distance(ReadOnlySpan<double> shift, double trace, Matrix<double> cross)
    {
        var overlap = cross.Svd(computeVectors: false).S.Sum();
        return TensorPrimitives.SumOfSquares(shift) + trace + Trace(_reference.Covariance) - (2 * overlap);
    }

    private static double Trace(ReadOnlySpan<double> matrix)
    {
        var d = (int)Math.Sqrt(matrix.Length);
        var sum = 0.0;
        for (var i = 0; i < d; i++)
        {
            sum += matrix[i * (d + 1)];
        }

        return sum;
    }

    /// <summary>
    /// A set, and what it would be with one more vector. With S = A Aᵀ the singular values of Aᵀ Sr^(1/2) are those of
    /// S^(1/2) Sr^(1/2), and a rank-one update of S is one more row of Aᵀ: so a vector costs one decomposition and no root.
    /// Safe to ask from several threads.
    /// </summary>
    public sealed class GrowingSet
    {
        private readonly Fid _fid;
        private readonly FeatureStatistics _set;
        private readonly Matrix<double> _cross;

        internal GrowingSet(Fid fid, FeatureStatistics set) =>
            (_fid, _set, _cross) = (fid, set, MatrixRoot.Of(set) * fid._referenceRoot);

        /// <summary>The distance of the set as it is.</summary>
        public double Distance()
        {
            var shift = new double[_set.Dimension];
            TensorPrimitives.Subtract(_set.Mean, _fid._reference.Mean, shift);
            return _fid.Distance(shift, Trace(_set.Covariance), _cross);
        }

        /// <summary>The distance of the set with one more vector.</summary>
        /// <param name="feature">[D].</param>
        public double DistanceWith(ReadOnlySpan<float> feature)
        {
            var d = _set.Dimension;
            var count = _set.Count + 1.0;
            var step = _set.ShiftTo(feature);
            var shift = new double[d];
            TensorPrimitives.MultiplyAdd(step, 1 / count, _set.Mean, shift);
            TensorPrimitives.Subtract(shift, _fid._reference.Mean, shift);

            // S' = keptShare S + step stepᵀ/(N + 1); the first vector of a set has no covariance.
            var weight = _set.Count == 0 ? 0 : 1 / count;
            var trace = (_set.KeptShare * Trace(_set.Covariance)) + (weight * TensorPrimitives.SumOfSquares<double>(step));
            var row = _fid._referenceRoot.LeftMultiply(Vector<double>.Build.Dense(step)) * Math.Sqrt(weight);
            var cross = Matrix<double>.Build.Dense(d + 1, d);
            cross.SetSubMatrix(0, 0, _cross * Math.Sqrt(_set.KeptShare));
            cross.SetRow(d, row);
            return _fid.Distance(shift, trace, cross);
        }
    }
}
