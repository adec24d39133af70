using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Random search (Ma et al., arXiv 2501.09732): draws independent noises and keeps the best. Candidate i starts from the
/// draw at [i], so that more budget only adds candidates, and the size of a round changes none.
/// </summary>
internal sealed class RandomSearch : ISearchAlgorithm
{
    private static readonly IntegerParameter Candidates = new(
        "candidates", "Most candidates to try, from 0; 0 means as many as the budget admits.", 0, 0, int.MaxValue);

    private static readonly IntegerParameter RoundSize = new(
        "round_size",
        "Candidates of a round, from 1 to 4096. A search can stop between rounds; the candidates do not depend on it.",
        32, 1, 4096);

    public string Name => "random";

    public string Description => "Tries independent noises and keeps the best. The baseline for every other algorithm.";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => false;

    public ImmutableArray<AlgorithmParameter> Parameters => [Candidates, RoundSize];

    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate) =>
        Math.Min(Limit(spec), spec.BudgetNfe / nfePerCandidate);

    public async Task RunAsync(SearchSession session)
    {
        var spec = session.Spec;
        var limit = Limit(spec);
        var roundSize = RoundSize.In(spec.Parameters);
        for (uint first = 0; first < limit; first += (uint)roundSize)
        {
            var proposals = new List<Proposal>(roundSize);
            for (var i = first; i < Math.Min(limit, (long)first + roundSize); i++)
            {
                proposals.Add(Proposal.Whole(spec, new NoiseExpression.Draw(spec.StartNoise(i))));
            }

            if (await session.RunRoundAsync(proposals) is null)
            {
                return;
            }
        }
    }

    private static long Limit(SearchSpec spec) =>
        Candidates.In(spec.Parameters) is var limit and not 0 ? limit : int.MaxValue;
}
