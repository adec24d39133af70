namespace DiffusionMesh.Metrics;

/// <summary>
/// The inception score (Salimans et al., arXiv 1606.03498): exp E KL(p(y|x) || p(y)), taken over equal parts of the samples
/// and averaged. 1 is worst, the number of classes best.
/// </summary>
public static class InceptionScore
{
    /// <summary>As published.</summary>
    public const int DefaultSplits = 10;

    /// <param name="probabilities">[N, K], row-major: p(y|x) of each sample, at least one.</param>
    /// <param name="classes">K.</param>
    /// <param name="splits">Parts; fewer are taken where there are fewer samples.</param>
    public static double Of(ReadOnlySpan<float> probabilities, int classes, int splits = DefaultSplits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        var count = probabilities.Length / classes;
        if (count == 0 || count * classes != probabilities.Length)
        {
            throw new ArgumentException($"{probabilities.Length} values are no rows of {classes}", nameof(probabilities));
        }

        var parts = Math.Min(splits, count);
        var sum = 0.0;
        for (var part = 0; part < parts; part++)
        {
            var (first, end) = ((int)((long)part * count / parts), (int)((long)(part + 1) * count / parts));
            sum += OfPart(probabilities[(first * classes)..(end * classes)], classes);
        }

        return sum / parts;
    }

    private static double OfPart(ReadOnlySpan<float> probabilities, int classes)
    {
        var count = probabilities.Length / classes;
        var marginal = new double[classes];
        for (var i = 0; i < probabilities.Length; i++)
        {
            marginal[i % classes] += (double)probabilities[i] / count;
        }

        var divergence = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            // p log p goes to 0 with p.
            var p = (double)probabilities[i];
            divergence += p > 0 ? p * Math.Log(p / marginal[i % classes]) : 0;
        }

        return Math.Exp(divergence / count);
    }
}
