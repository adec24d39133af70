namespace DiffusionMesh.Search.Algorithms;

/// <summary>What is done with weights of which only the logarithms are known, up to a common factor.</summary>
internal static class LogWeights
{
    /// <summary>(Σ w)² / Σ w²: from 1, where one has all the weight, to their number, where all weights are equal.</summary>
    public static double EffectiveSize(IReadOnlyList<double> logWeights)
    {
        var weights = Relative(logWeights);
        var sum = weights.Sum();
        return sum * sum / weights.Sum(weight => weight * weight);
    }

    /// <summary>
    /// Systematic resampling: the points (u + j)/n, j from 0 to n - 1, each choose the one on whose share of the unit interval
    /// they fall. A share s is chosen floor(n s) or ceil(n s) times.
    /// </summary>
    /// <param name="count">n, at least 1.</param>
    /// <param name="uniform">u, in [0, 1).</param>
    /// <returns>Positions of the chosen, rising.</returns>
    public static int[] Resample(IReadOnlyList<double> logWeights, int count, double uniform)
    {
        var weights = Relative(logWeights);
        var total = weights.Sum();
        var chosen = new int[count];
        var (position, reached) = (0, weights[0]);
        for (var j = 0; j < count; j++)
        {
            // The last one is chosen whatever rounding makes of the sum.
            while (reached <= (uniform + j) * total / count && position < weights.Length - 1)
            {
                reached += weights[++position];
            }

            chosen[j] = position;
        }

        return chosen;
    }

    /// <summary>log of the mean of the weights.</summary>
    public static double LogMean(IReadOnlyList<double> logWeights)
    {
        var greatest = logWeights.Max();
        return greatest + Math.Log(logWeights.Average(logWeight => Math.Exp(logWeight - greatest)));
    }

    // The greatest is 1: none overflows, and not all vanish.
    private static double[] Relative(IReadOnlyList<double> logWeights)
    {
        var greatest = logWeights.Max();
        return [.. logWeights.Select(logWeight => Math.Exp(logWeight - greatest))];
    }
}
