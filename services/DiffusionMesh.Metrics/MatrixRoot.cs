using MathNet.Numerics.LinearAlgebra;

namespace DiffusionMesh.Metrics;

/// <summary>The symmetric square root of a covariance.</summary>
internal static class MatrixRoot
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <returns>[D, D]. Eigenvalues that cannot be told from zero, D ε times the largest and less, count as zero.</returns>
    public static Matrix<double> Of(FeatureStatistics statistics)
    {
        var d = statistics.Dimension;
        var decomposition = Matrix<double>.Build.Dense(d, d, statistics.Covariance.ToArray()).Evd(Symmetricity.Symmetric);
        var scaled = decomposition.EigenVectors.Clone();
        var least = d * Epsilon * decomposition.EigenValues.AbsoluteMaximum().Magnitude;
        for (var i = 0; i < d; i++)
        {
            var eigenvalue = decomposition.EigenValues[i].Real;
            scaled.SetColumn(i, scaled.Column(i) * (eigenvalue > least ? Math.Sqrt(eigenvalue) : 0));
        }

        return scaled.TransposeAndMultiply(decomposition.EigenVectors);
    }
}
