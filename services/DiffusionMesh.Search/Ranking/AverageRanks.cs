namespace DiffusionMesh.Search.Ranking;

/// <summary>Ranks by score: 1 is best, equal scores share the mean of the places they take.</summary>
public static class AverageRanks
{
    /// <param name="scores">Finite.</param>
    /// <param name="higherIsBetter">Whether the highest score has rank 1.</param>
    /// <returns>The rank of each score, in the same order.</returns>
    public static double[] Of(ReadOnlySpan<double> scores, bool higherIsBetter)
    {
        var sorted = scores.ToArray();
        var order = new int[scores.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
            if (higherIsBetter)
            {
                sorted[i] = -sorted[i];
            }
        }

        Array.Sort(sorted, order);
        var ranks = new double[scores.Length];
        for (var first = 0; first < sorted.Length;)
        {
            var end = first + 1;
            while (end < sorted.Length && sorted[end] == sorted[first])
            {
                end++;
            }

            // Places first + 1 to end, counted from 1: their mean is half the sum of the two.
            foreach (var tied in order.AsSpan(first, end - first))
            {
                ranks[tied] = (first + 1 + end) / 2.0;
            }

            first = end;
        }

        return ranks;
    }
}
