using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Search.Ranking;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>
/// Chooses among candidates that are scored already, as a search would have: by one verifier, by the weighted mean rank
/// over the whole pool, or by the weighted mean z-score. Only candidates that every one of these verifiers scored take part.
/// </summary>
internal static class PoolChoice
{
    /// <returns>Null if no candidate takes part.</returns>
    public static StoredCandidate? Of(
        IEnumerable<StoredCandidate> candidates, Selector selector, IReadOnlyDictionary<string, Verifier> verifiers)
    {
        var pool = candidates.Where(candidate => selector.Verifiers.All(verifier => candidate.Scores.ContainsKey(verifier.Name))).ToArray();
        var merits = new double[pool.Length];
        foreach (var (name, weight) in selector.Verifiers)
        {
            var scores = Array.ConvertAll(pool, candidate => candidate.Scores[name]);
            var merit = selector.Verifiers.Count > 1 && selector.Rule == Selector.Rank
                ? Array.ConvertAll(AverageRanks.Of(scores, verifiers[name].HigherIsBetter), rank => -rank)
                : Array.ConvertAll(scores, score => Standardised(score, verifiers[name], selector.Verifiers.Count > 1));
            for (var i = 0; i < merits.Length; i++)
            {
                merits[i] += weight * merit[i];
            }
        }

        // The first of equals: in the order of proposal, as in a search.
        return pool.Length == 0 ? null : pool[Array.IndexOf(merits, merits.Max())];
    }

    private static double Standardised(double score, Verifier verifier, bool byRealImages)
    {
        var sign = verifier.HigherIsBetter ? 1 : -1;
        return byRealImages ? sign * (score - verifier.RealMean) / verifier.RealStandardDeviation : sign * score;
    }
}
