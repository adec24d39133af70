using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// ε-greedy search on noise trajectories (arXiv 2506.03164): at every leg of a stochastic run several noises are tried, with
/// probability ε a fresh one, else one near the leg's pivot, the best so far by the score of the x-prediction; the run goes
/// on from the best. With a budget for more than one such run further ones follow; if it does not reach for all tries, every
/// leg has as many fewer.
/// </summary>
/// <remarks>
/// Samplers are deterministic, so a leg goes further than its end and is noised up to it again: the noise there is
/// sqrt(1 - churn²) of the old and churn of the tried draw (<see cref="RenoiseLevel"/>). The noises of the first leg are
/// those that the run begins with. Three departures from the paper: legs of several steps instead of single steps, near
/// means at a fixed cosine and of the same norm, and a pivot counts among the tries. Of run r and leg l the first pivot is
/// the draw at [r, l]; try n is the draw at [r, l, n] or is turned towards it, as the uniform number there says.
/// </remarks>
internal sealed class EpsilonGreedySearch : ISearchAlgorithm
{
    private static readonly IntegerParameter Tries = new(
        "tries", "Noises tried in a round, beside the first pivot, from 1 to 1024.", 4, 1, 1024);

    private static readonly IntegerParameter Rounds = new(
        "rounds", "Rounds at each leg, from 1 to 1024; between them the pivot moves.", 2, 1, 1024);

    private static readonly RealParameter Epsilon = new(
        "epsilon", "Probability of a fresh noise instead of one near the pivot, from 0 to 1.", .4, 0, 1);

    private static readonly RealParameter Cosine = new(
        "cosine", "Cosine of the angle between the pivot and a noise near it, from 0 to 0.9999.", .95, 0, .9999);

    private static readonly IntegerParameter Legs = new(
        "legs", "Legs of a run, from 1 to 64. Fewer if a run has fewer steps.", 4, 1, 64);

    private static readonly RealParameter Churn = new(
        "churn", "Share of the noise (of its deviation) that is drawn anew after a leg, from 0.01 to 0.99.", .5, .01, .99);

    public string Name => "epsilon-greedy";

    public string Description => "Tries noises at every leg of a run, near the best one or fresh, and goes on from the best.";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => true;

    public ImmutableArray<AlgorithmParameter> Parameters => [Tries, Rounds, Epsilon, Cosine, Legs, Churn];

    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate) =>
        LegsOf(spec).Length * (spec.BudgetNfe / nfePerCandidate);

    public async Task RunAsync(SearchSession session)
    {
        var spec = session.Spec;
        var legs = LegsOf(spec);
        var cost = legs.Sum(leg => session.CostOfSegment(leg.Steps, finishes: leg.ToLevel == 0));
        var wanted = 1 + ((long)Tries.In(spec.Parameters) * Rounds.In(spec.Parameters));
        uint run = 0;
        for (; Math.Min(wanted, session.BudgetLeft / cost) is var tries and > 0; run++)
        {
            Candidate? reached = null;
            for (uint leg = 0; leg < legs.Length; leg++)
            {
                reached = await BestOfLegAsync(session, legs[(int)leg], NoiseAddress.Of(spec.Seed, run, leg), reached, (int)tries);
                if (reached is null)
                {
                    return;
                }
            }
        }

        // Does not fit: the session sees that the budget is spent.
        await session.RunRoundAsync([Proposal.Whole(spec, new NoiseExpression.Draw(NoiseAddress.Of(spec.Seed, run)))]);
    }

    // Null if the search has ended.
    private static async Task<Candidate?> BestOfLegAsync(SearchSession session, Leg leg, NoiseAddress address, Candidate? reached, int tries)
    {
        var tried = new List<Candidate>();
        NoiseExpression pivot = new NoiseExpression.Draw(
            reached is null && address.Lineage is [0, 0] ? FirstNoise(session.Spec, address) : address);
        Candidate? best = null;
        while (tried.Count < tries)
        {
            var count = Tries.In(session.Spec.Parameters) + (tried.Count == 0 ? 1 : 0);
            var proposals = Enumerable.Range(tried.Count, Math.Min(count, tries - tried.Count))
                .Select(n => n == 0 ? pivot : Try(session.Spec, pivot, address with { Lineage = address.Lineage.Add((uint)n) }))
                .Select(SegmentStart (noise) => reached is null ? new SegmentStart.Noise(noise) : new SegmentStart.Renoise(reached.Number, noise))
                .Select(start => new Proposal(start, leg.Steps, leg.FromLevel, leg.ToLevel));
            if (await session.RunRoundAsync([.. proposals]) is not { } candidates)
            {
                return null;
            }

            tried.AddRange(candidates);
            best = session.Rank(tried)[0].Candidate;
            pivot = NoiseOf(best);
        }

        return best;
    }

    // The first leg of the first run begins where the user says, if the user does.
    private static NoiseAddress FirstNoise(SearchSpec spec, NoiseAddress address) => spec.TorchSeed is null ? address : spec.StartNoise(0);

    private static NoiseExpression Try(SearchSpec spec, NoiseExpression pivot, NoiseAddress address) =>
        address.Uniform() < Epsilon.In(spec.Parameters) || pivot.Rotations == NoiseExpression.MaxRotations
            ? new NoiseExpression.Draw(address)
            : new NoiseExpression.Rotation(pivot, address, Cosine.In(spec.Parameters));

    private static NoiseExpression NoiseOf(Candidate candidate) => candidate.Start switch
    {
        SegmentStart.Noise(var noise) => noise,
        SegmentStart.Renoise(_, var noise) => noise,
        _ => throw new InvalidOperationException($"candidate {candidate.Number} begins with no noise"),
    };

    // All legs but the last end below where the next one begins.
    private static ImmutableArray<Leg> LegsOf(SearchSpec spec)
    {
        var churn = Churn.In(spec.Parameters);
        return
        [
            .. LevelGrid.Split(spec.Steps, Legs.In(spec.Parameters))
                .Select(leg => leg.ToLevel == 0 ? leg : leg with { ToLevel = RenoiseLevel.Below(leg.ToLevel, churn) }),
        ];
    }
}
