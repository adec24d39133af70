using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Successive halving: starts many drafts, scores their x-predictions after each leg, goes on with the best of every η, and
/// finishes those that are left. A bracket is as large as the budget lets it come to its end. What is then left, less than a
/// whole run, finishes drafts that had been given up: those that lack least first, the best of them first.
/// </summary>
/// <remarks>Draft i starts from the draw at [i], as in random search. Nothing is sampled twice: drafts are gone on from.</remarks>
internal sealed class SuccessiveHalving : ISearchAlgorithm
{
    private static readonly IntegerParameter Eta = new(
        "eta", "η: one of so many drafts goes on after a leg, from 2 to 64.", 2, 2, 64);

    private static readonly IntegerParameter Legs = new(
        "legs", "Legs of a run, from 1 to 64; drafts are compared between them. Fewer if a run has fewer steps.", 4, 1, 64);

    private static readonly IntegerParameter Drafts = new(
        "drafts", "Drafts that a bracket starts with, from 0; 0 means one bracket as large as the budget admits.", 0, 0, int.MaxValue);

    public string Name => "successive-halving";

    public string Description => "Starts many drafts and goes on with the best of them, leg by leg, until a few are finished.";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => true;

    public ImmutableArray<AlgorithmParameter> Parameters => [Eta, Legs, Drafts];

    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate) =>
        Plan(spec, (steps, _) => Math.Max(1, steps * nfePerCandidate / spec.Steps)).Candidates(spec.BudgetNfe);

    public async Task RunAsync(SearchSession session)
    {
        var plan = Plan(session.Spec, session.CostOfSegment);
        uint fresh = 0;
        while (plan.Fitting(session.BudgetLeft) is var drafts and > 0)
        {
            if (!await RunBracketAsync(session, plan, fresh, drafts))
            {
                return;
            }

            fresh += (uint)drafts;
        }

        if (GivenUpThatFit(session, plan) is { Count: > 0 } proposals && await session.RunRoundAsync(proposals) is null)
        {
            return;
        }

        // Does not fit: the session sees that the budget is spent.
        await session.RunRoundAsync([Proposal.Whole(session.Spec, Noise(session.Spec, fresh))]);
    }

    // False if the search has ended.
    private static async Task<bool> RunBracketAsync(SearchSession session, HalvingPlan plan, uint fresh, long drafts)
    {
        var starts = Enumerable.Range(0, (int)drafts).Select(SegmentStart (i) => new SegmentStart.Noise(Noise(session.Spec, fresh + (uint)i)));
        foreach (var (steps, from, to) in plan.Legs)
        {
            var proposals = starts.Select(start => new Proposal(start, steps, from, to));
            if (await session.RunRoundAsync([.. proposals]) is not { } candidates)
            {
                return false;
            }

            starts = session.Rank(candidates)
                .Take((int)plan.Kept(candidates.Count))
                .Select(SegmentStart (standing) => new SegmentStart.Continuation(standing.Candidate.Number));
        }

        return true;
    }

    private static List<Proposal> GivenUpThatFit(SearchSession session, HalvingPlan plan)
    {
        var continued = session.Candidates.Select(candidate => candidate.Start.From).ToHashSet();
        var (left, proposals) = (session.BudgetLeft, new List<Proposal>());
        for (var leg = plan.Legs.Length - 2; leg >= 0; leg--)
        {
            var level = plan.Legs[leg].ToLevel;
            var givenUp = session.Candidates.Where(draft => draft.ToLevel == level && !continued.Contains(draft.Number));
            foreach (var (draft, _) in session.Rank(givenUp).Take((int)(left / plan.RestCosts[leg])))
            {
                proposals.Add(new Proposal(new SegmentStart.Continuation(draft.Number), plan.StepsAfter(leg), level));
                left -= plan.RestCosts[leg];
            }
        }

        return proposals;
    }

    private static NoiseExpression.Draw Noise(SearchSpec spec, uint index) => new(spec.StartNoise(index));

    private static HalvingPlan Plan(SearchSpec spec, Func<int, bool, long> cost) => HalvingPlan.Of(
        LevelGrid.Split(spec.Steps, Legs.In(spec.Parameters)),
        Eta.In(spec.Parameters),
        Drafts.In(spec.Parameters) is var drafts and not 0 ? drafts : int.MaxValue,
        cost);
}
