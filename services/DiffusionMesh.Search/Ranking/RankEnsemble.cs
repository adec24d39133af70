namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// Mean ranks (Ma et al., arXiv 2501.09732): 1 is best, equal scores share the mean of their places. Ranks depend on the
/// pool, so that they must be taken again whenever it grows.
/// </summary>
internal sealed class RankEnsemble : IEnsembleRule
{
    public const string RuleName = "rank";

    public string Name => RuleName;

    public bool HigherIsBetter => false;

    public bool IsAbsolute => false;

    public bool NeedsRealScale => false;

    /// <remarks>
    /// A rank among the m scored of n candidates is stretched to the whole pool, (rank - 1/2) n / m + 1/2, so that it counts
    /// as the same share of the pool whatever the verifier missed. With none missing it is the rank itself.
    /// </remarks>
    public double?[] OnSharedScale(double?[] scores, RankedVerifier verifier)
    {
        var present = scores.OfType<double>().ToArray();
        var ranks = AverageRanks.Of(present, verifier.HigherIsBetter);
        var shared = new double?[scores.Length];
        for (int i = 0, scored = 0; i < scores.Length; i++)
        {
            if (scores[i] is not null)
            {
                var rank = ranks[scored++];
                shared[i] = present.Length == scores.Length ? rank : ((rank - 0.5) * scores.Length / present.Length) + 0.5;
            }
        }

        return shared;
    }
}
