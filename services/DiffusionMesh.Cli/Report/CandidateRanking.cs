using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>Orders candidates for show: by the weighted mean of their ranks, ties sharing the average rank.</summary>
internal static class CandidateRanking
{
    /// <summary>All candidates, best first; those that lack a score come last, in the order of proposal.</summary>
    public static IReadOnlyList<CandidateSection> BestFirst(SearchDocument document)
    {
        var meanRanks = document.Candidates.ToDictionary(candidate => candidate.Id, _ => 0.0);
        foreach (var verifier in document.Verifiers)
        {
            var weight = document.Search.Spec.Verifiers.First(selection => selection.Name == verifier.Name).Weight;
            foreach (var (id, rank) in Ranks(document.Candidates, verifier))
            {
                meanRanks[id] += weight * rank;
            }
        }

        return [.. document.Candidates.OrderBy(candidate => meanRanks[candidate.Id])];
    }

    private static IEnumerable<(string Id, double Rank)> Ranks(IReadOnlyList<CandidateSection> candidates, VerifierSection verifier)
    {
        var sign = verifier.HigherIsBetter ? -1 : 1;
        var groups = candidates
            .GroupBy(candidate => candidate.Scores.GetValueOrDefault(verifier.Name) is { } score ? sign * score : double.PositiveInfinity)
            .OrderBy(group => group.Key);
        var before = 0;
        foreach (var group in groups)
        {
            var size = group.Count();
            foreach (var candidate in group)
            {
                yield return (candidate.Id, double.IsPositiveInfinity(group.Key) ? group.Key : before + ((size + 1) / 2.0));
            }

            before += size;
        }
    }
}
