namespace DiffusionMesh.Metrics;

/// <summary>How far two scores agree on the order of the same things, from -1 (reversed) to 1 (the same order).</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's rho: Pearson's correlation of the ranks, ties sharing their mean rank. NaN if one score is constant.</summary>
    public static double Spearman(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        RequirePairs(first, second);
        var (a, b) = (Ranks(first), Ranks(second));
        var middle = (a.Length + 1) / 2.0;
        var (product, squaresOfA, squaresOfB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            var (da, db) = (a[i] - middle, b[i] - middle);
            (product, squaresOfA, squaresOfB) = (product + (da * db), squaresOfA + (da * da), squaresOfB + (db * db));
        }

        return product / Math.Sqrt(squaresOfA * squaresOfB);
    }

    /// <summary>Kendall's tau-b: pairs in the same order less pairs in opposite order, corrected for ties. NaN if one score is constant.</summary>
    public static double Kendall(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        RequirePairs(first, second);
        var (balance, untiedInFirst, untiedInSecond) = (0L, 0L, 0L);
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (first[i].CompareTo(first[j]), second[i].CompareTo(second[j]));
                balance += a * b;
                untiedInFirst += a * a;
                untiedInSecond += b * b;
            }
        }

        return balance / Math.Sqrt((double)untiedInFirst * untiedInSecond);
    }

    private static double[] Ranks(ReadOnlySpan<double> values)
    {
        var ranks = new double[values.Length];
        for (var i = 0; i < ranks.Length; i++)
        {
            var (below, equal) = (0, 0);
            foreach (var value in values)
            {
                below += value < values[i] ? 1 : 0;
                equal += value == values[i] ? 1 : 0;
            }

            ranks[i] = below + ((equal + 1) / 2.0);
        }

        return ranks;
    }

    private static void RequirePairs(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length || first.Length < 2)
        {
            throw new ArgumentException($"{first.Length} and {second.Length} values are not at least two pairs", nameof(second));
        }
    }
}
