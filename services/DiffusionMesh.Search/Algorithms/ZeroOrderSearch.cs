using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Zero-order search (Ma et al., arXiv 2501.09732): tries neighbours at a fixed cosine from a pivot noise, of the same
/// norm, and moves the pivot to the best of pivot and neighbours. The pivot is sampled once and remembered.
/// Start s begins at the draw at [s]; neighbour i of its round r turns the pivot towards the draw at [s, r, i].
/// </summary>
/// <remarks>
/// A pivot that no neighbour beats is a plateau. `redraw` draws the round again, at its cost in NFE, but does not count it
/// as an iteration; `restart` leaves the pivot behind after some such rounds and begins at a fresh noise. Whatever was left
/// behind still competes for the result. A pivot at the end of the longest expression that can be written,
/// <see cref="NoiseExpression.MaxRotations"/> moves from its start, is left behind as well.
/// </remarks>
internal sealed class ZeroOrderSearch : ISearchAlgorithm
{
    private const string Redraw = "redraw";
    private const string Restart = "restart";

    private static readonly IntegerParameter Neighbours = new(
        "neighbours", "Neighbours of the pivot in a round, from 1 to 4096.", 4, 1, 4096);

    private static readonly RealParameter Cosine = new(
        "cosine", "Cosine of the angle between pivot and neighbour, from 0 (unrelated) to 0.9999.", .95, 0, .9999);

    private static readonly IntegerParameter Iterations = new(
        "iterations", "Most iterations, from 0; 0 means as many as the budget admits.", 0, 0, int.MaxValue);

    private static readonly ChoiceParameter Plateau = new(
        "plateau",
        "When no neighbour beats the pivot: redraw draws the round again without counting it as an iteration, restart begins at a fresh noise once patience is spent.",
        [Redraw, Restart]);

    private static readonly IntegerParameter Patience = new(
        "patience", "Rounds in a row without a better neighbour after which restart acts, from 1 to 1000.", 2, 1, 1000);

    public string Name => "zero-order";

    public string Description => "Moves a pivot noise to the best of its neighbours, round by round. Stays close to where it began.";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => false;

    public ImmutableArray<AlgorithmParameter> Parameters => [Neighbours, Cosine, Iterations, Plateau, Patience];

    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate)
    {
        var affordable = spec.BudgetNfe / nfePerCandidate;
        var iterations = Iterations.In(spec.Parameters);
        if (iterations == 0 || Plateau.In(spec.Parameters) == Redraw)
        {
            return affordable;
        }

        var starts = 1 + ((iterations - 1) / Patience.In(spec.Parameters));
        return Math.Min(affordable, ((long)iterations * Neighbours.In(spec.Parameters)) + starts);
    }

    public async Task RunAsync(SearchSession session)
    {
        var climb = new Climb(session);
        for (uint start = 0; await climb.RunAsync(start); start++)
        {
        }
    }

    private sealed class Climb(SearchSession session)
    {
        private readonly SearchSpec _spec = session.Spec;
        private readonly bool _restarts = Plateau.In(session.Spec.Parameters) == Restart;
        private int _iterations;

        /// <summary>Climbs from a fresh noise.</summary>
        /// <returns>Whether another start is wanted.</returns>
        public async Task<bool> RunAsync(uint start)
        {
            var origin = new NoiseExpression.Draw(_spec.StartNoise(start));
            if (await session.RunRoundAsync([Proposal.Whole(_spec, origin)]) is not [var pivot])
            {
                return false;
            }

            var stalled = 0;
            for (uint round = 0; NoiseOf(pivot).Rotations < NoiseExpression.MaxRotations; round++)
            {
                if (_restarts && stalled == Patience.In(_spec.Parameters))
                {
                    break;
                }

                if (await session.RunRoundAsync(NeighboursOf(pivot, start, round)) is not { } neighbours)
                {
                    return false;
                }

                var best = BestOf(pivot, neighbours);
                stalled = best.Number == pivot.Number ? stalled + 1 : 0;
                pivot = best;
                if ((_restarts || stalled == 0) && ++_iterations == Iterations.In(_spec.Parameters))
                {
                    return false;
                }
            }

            return true;
        }

        private List<Proposal> NeighboursOf(Candidate pivot, uint start, uint round)
        {
            var cosine = Cosine.In(_spec.Parameters);
            var proposals = new List<Proposal>();
            for (uint i = 0; i < Neighbours.In(_spec.Parameters); i++)
            {
                var toward = NoiseAddress.Of(_spec.Seed, start, round, i);
                proposals.Add(Proposal.Whole(_spec, new NoiseExpression.Rotation(NoiseOf(pivot), toward, cosine), pivot.Number));
            }

            return proposals;
        }

        // Under several verifiers ranks depend on the pool, so it is all of it that is ranked. Among equals the pivot, proposed
        // first, stands first: it moves only to something better.
        private Candidate BestOf(Candidate pivot, IReadOnlyList<Candidate> neighbours)
        {
            var eligible = neighbours.Append(pivot).Select(candidate => candidate.Number).ToHashSet();
            return session.Rank().First(standing => eligible.Contains(standing.Candidate.Number)).Candidate;
        }

        private static NoiseExpression NoiseOf(Candidate candidate) => ((SegmentStart.Noise)candidate.Start).Expression;
    }
}
