using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>Orders candidates for show, as the search chose among them: by the verifiers that select, under its ensemble.</summary>
internal static class CandidateRanking
{
    /// <summary>All finished candidates, best first; those that take no part come last, in the order of proposal.</summary>
    public static IReadOnlyList<CandidateSection> BestFirst(SearchDocument document)
    {
        var finished = document.Candidates.Where(candidate => !candidate.IsDraft).ToArray();
        var pool = finished.Where(candidate => candidate.State == "scored").ToArray();
        var spec = document.Search.Spec;
        var sums = pool.ToDictionary(candidate => candidate.Id, _ => (Value: 0.0, Weight: 0.0));
        foreach (var selection in spec.Verifiers.Where(selection => !selection.HeldOut))
        {
            if (document.Verifiers.FirstOrDefault(verifier => verifier.Name == selection.Name) is { } verifier)
            {
                foreach (var (id, value) in spec.Ensemble == "z-score" ? ZScores(pool, verifier) : Ranks(pool, verifier))
                {
                    sums[id] = (sums[id].Value + (selection.Weight * value), sums[id].Weight + selection.Weight);
                }
            }
        }

        return [.. finished.OrderBy(candidate =>
            sums.TryGetValue(candidate.Id, out var sum) && sum.Weight > 0 ? sum.Value / sum.Weight : double.PositiveInfinity)];
    }

    // How many standard deviations worse than the mean over real images.
    private static IEnumerable<(string Id, double Value)> ZScores(IEnumerable<CandidateSection> pool, VerifierSection verifier) => pool
        .Where(candidate => candidate.Scores.GetValueOrDefault(verifier.Name) is not null)
        .Select(candidate => (candidate.Id, Cost(candidate, verifier) / (verifier.RealStandardDeviation ?? 1)));

    // Ranks among those that it scored, ties sharing the average, stretched to the whole pool.
    private static IEnumerable<(string Id, double Value)> Ranks(CandidateSection[] pool, VerifierSection verifier)
    {
        var scored = pool.Where(candidate => candidate.Scores.GetValueOrDefault(verifier.Name) is not null).ToArray();
        var before = 0;
        foreach (var group in scored.GroupBy(candidate => Cost(candidate, verifier)).OrderBy(group => group.Key))
        {
            var size = group.Count();
            foreach (var candidate in group)
            {
                yield return (candidate.Id, ((before + (size / 2.0)) * pool.Length / scored.Length) + 0.5);
            }

            before += size;
        }
    }

    private static double Cost(CandidateSection candidate, VerifierSection verifier)
    {
        var above = candidate.Scores[verifier.Name]!.Value - (verifier.RealMean ?? 0);
        return verifier.HigherIsBetter ? -above : above;
    }
}
