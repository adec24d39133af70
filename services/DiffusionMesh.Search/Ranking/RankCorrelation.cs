namespace DiffusionMesh.Search.Ranking;

/// <summary>How well two scores agree on an order.</summary>
public static class RankCorrelation
{
    /// <summary>
    /// Spearman's ρ: the Pearson correlation of the average ranks, which is right with ties as well. 1 for the same order,
    /// -1 for the opposite one.
    /// </summary>
    /// <param name="first">Finite.</param>
    /// <param name="second">As many, in the same order.</param>
    /// <returns>Null if either does not order anything: fewer than two values, or all equal.</returns>
    public static double? Spearman(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(second.Length, first.Length, nameof(second));
        var (a, b) = (AverageRanks.Of(first, higherIsBetter: true), AverageRanks.Of(second, higherIsBetter: true));
        var mean = (first.Length + 1) / 2.0;
        var (aa, ab, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            aa += (a[i] - mean) * (a[i] - mean);
            ab += (a[i] - mean) * (b[i] - mean);
            bb += (b[i] - mean) * (b[i] - mean);
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : null;
    }
}
