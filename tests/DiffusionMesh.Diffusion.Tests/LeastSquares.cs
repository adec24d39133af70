namespace DiffusionMesh.Diffusion.Tests;

/// <summary>Coefficients c that minimise |Σ c_k columns_k - target|², by the normal equations.</summary>
internal static class LeastSquares
{
    public static double[] Solve(double[][] columns, ReadOnlySpan<float> target)
    {
        var wide = new double[target.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = target[i];
        }

        var moments = columns.Select(column => columns.Select(other => Dot(column, other)).ToArray()).ToArray();
        return SolveSymmetric(moments, [.. columns.Select(column => Dot(column, wide))]);
    }

    /// <summary>Solves A c = b by Cholesky's decomposition, A symmetric and positive definite. Overwrites A.</summary>
    public static double[] SolveSymmetric(double[][] a, double[] b)
    {
        var n = b.Length;
        for (var j = 0; j < n; j++)
        {
            for (var k = 0; k < j; k++)
            {
                for (var i = j; i < n; i++)
                {
                    a[i][j] -= a[i][k] * a[j][k];
                }
            }

            var root = Math.Sqrt(a[j][j]);
            for (var i = j; i < n; i++)
            {
                a[i][j] /= root;
            }
        }

        var c = (double[])b.Clone();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                c[i] -= a[i][k] * c[k];
            }

            c[i] /= a[i][i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                c[i] -= a[k][i] * c[k];
            }

            c[i] /= a[i][i];
        }

        return c;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
