using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Search over paths (Ma et al., arXiv 2501.09732): N noises are denoised to σ; in each round every path that is left is
/// noised up by Δf with M fresh draws and denoised by Δb, and the best N branches, by the score of their x-predictions, go
/// on, until σ = 0. Then the ranking of all finished samples decides. A budget that does not reach for N and M gets fewer; if
/// it reaches for more, the search begins again with further noises; what is left over goes to whole runs.
/// </summary>
/// <remarks>
/// Levels are linear-flow times, so that any form takes part. Fresh noise i is the draw at [i], as in random search; branch
/// b of the path in place p, in round r of a search that began with noise i, is noised up with the draw at [i, r, p, b].
/// </remarks>
internal sealed class SearchOverPaths : ISearchAlgorithm
{
    private const int WholeRunsOfARound = 32;

    private static readonly IntegerParameter Paths = new("paths", "N, paths that are kept, from 1.", 2, 1, 1024);

    private static readonly IntegerParameter Branches = new(
        "branches", "M, branches of each path in a round, from 1. A small budget leaves fewer.", 4, 1, 1024);

    private static readonly RealParameter SigmaStart = new(
        "sigma_start", "Noise level (linear-flow time) at which the first legs end.", 0.11, 0.001, 0.999);

    private static readonly RealParameter DeltaF = new(
        "delta_f", "How far paths are noised up in a round; sigma_start + delta_f is at most 1.", 0.78, 0.001, 0.999);

    private static readonly RealParameter DeltaB = new(
        "delta_b", "How far paths are denoised in a round; more than delta_f, else they never end.", 0.81, 0.001, 1);

    private static readonly IntegerParameter LegSteps = new(
        "leg_steps", "L, steps of a backward leg; 0 means its share of the steps of the search, steps * delta_b.", 0, 0, 10_000);

    private static readonly IntegerParameter FirstSteps = new(
        "first_steps", "L0, steps of a first leg; 0 means its share, steps * (1 - sigma_start).", 0, 0, 10_000);

    public string Name => "paths";

    public string Description =>
        "Keeps a few paths, noises them up and denoises them again and again, and goes on with the best branches.";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => true;

    public ImmutableArray<AlgorithmParameter> Parameters =>
        [Paths, Branches, SigmaStart, DeltaF, DeltaB, LegSteps, FirstSteps];

    public IEnumerable<ParameterConflict> Conflicts(ImmutableSortedDictionary<string, string> parameters)
    {
        var levels = LevelsOf(parameters);
        if (levels.Gain <= 0)
        {
            yield return new ParameterConflict(
                DeltaB.Name,
                FormattableString.Invariant($"'delta_b' is {levels.Backward}; it must be more than 'delta_f', {levels.Forward}, or paths never end"));
        }
        else if (levels.RoundCount > PathLevels.MaxRounds)
        {
            yield return new ParameterConflict(
                DeltaB.Name,
                FormattableString.Invariant($"'delta_b' is {levels.Backward}; with 'delta_f' {levels.Forward} paths take {levels.RoundCount} rounds, more than {PathLevels.MaxRounds}: move them apart"));
        }

        if (levels.Noisiest > 1)
        {
            yield return new ParameterConflict(
                DeltaF.Name,
                FormattableString.Invariant($"'delta_f' is {levels.Forward}; with 'sigma_start' {levels.Start} it leads above noise level 1: lower one of them"));
        }
    }

    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate)
    {
        var wholePlan = Plan(spec, (steps, _) => Math.Max(1, steps * nfePerCandidate / spec.Steps));
        var times = spec.BudgetNfe / wholePlan.Cost;
        var (planned, left) = (times * wholePlan.Candidates, spec.BudgetNfe % wholePlan.Cost);
        while (wholePlan.Within(left) is { } plan)
        {
            planned += plan.Candidates;
            left -= plan.Cost;
        }

        return planned + (left / nfePerCandidate);
    }

    public async Task RunAsync(SearchSession session)
    {
        var wholePlan = Plan(session.Spec, session.CostOfSegment);
        for (uint fresh = 0; ;)
        {
            var plan = wholePlan.Within(session.BudgetLeft);
            var proposals = plan is null ? WholeRuns(session, fresh) : FirstLegs(session.Spec, plan, fresh);
            if (await session.RunRoundAsync(proposals) is not { } candidates
                || (plan is not null && !await FollowAsync(session, plan, fresh, candidates)))
            {
                return;
            }

            fresh += (uint)proposals.Count;
        }
    }

    // Takes the first legs to their end; false if the search has ended.
    private static async Task<bool> FollowAsync(SearchSession session, PathsPlan plan, uint first, IReadOnlyList<Candidate> legs)
    {
        for (var round = 0; round < plan.Rounds.Length; round++)
        {
            var (noisy, clean) = plan.Rounds[round];
            var survivors = session.Rank(legs).Take(plan.Paths).Select(standing => standing.Candidate.Number);
            var branches =
                from path in survivors.Index()
                from branch in Enumerable.Range(0, plan.Branches)
                let draw = NoiseAddress.Of(session.Spec.Seed, first, (uint)round, (uint)path.Index, (uint)branch)
                select new Proposal(new SegmentStart.Renoise(path.Item, draw), plan.LegSteps, noisy, clean);
            if (await session.RunRoundAsync([.. branches]) is not { } candidates)
            {
                return false;
            }

            legs = candidates;
        }

        return true;
    }

    private static List<Proposal> FirstLegs(SearchSpec spec, PathsPlan plan, uint fresh) =>
        [.. Enumerable.Range(0, plan.Paths).Select(path =>
            new Proposal(new SegmentStart.Noise(Noise(spec, fresh + (uint)path)), plan.FirstSteps, 1, SigmaStart.In(spec.Parameters)))];

    // At least one, so that the session sees that the budget is spent.
    private static List<Proposal> WholeRuns(SearchSession session, uint fresh)
    {
        var fitting = session.BudgetLeft / session.CostOfSegment(session.Spec.Steps, finishes: true);
        return [.. Enumerable.Range(0, (int)Math.Clamp(fitting, 1, WholeRunsOfARound)).Select(run =>
            Proposal.Whole(session.Spec, Noise(session.Spec, fresh + (uint)run)))];
    }

    private static NoiseExpression.Draw Noise(SearchSpec spec, uint index) => new(spec.StartNoise(index));

    // The cost of a segment depends on its steps and on whether it finishes the sample.
    private static PathsPlan Plan(SearchSpec spec, Func<int, bool, long> cost)
    {
        var levels = LevelsOf(spec.Parameters);
        var (first, leg) = (StepsOf(FirstSteps, 1 - levels.Start), StepsOf(LegSteps, levels.Backward));
        return new PathsPlan(Paths.In(spec.Parameters), Branches.In(spec.Parameters), levels.Rounds(), first, leg)
        {
            FirstCost = cost(first, false),
            LegCost = cost(leg, false),
            LastCost = cost(leg, true),
        };

        int StepsOf(IntegerParameter parameter, double span) => parameter.In(spec.Parameters) is var steps and not 0
            ? steps
            : Math.Max(1, (int)Math.Round(spec.Steps * span, MidpointRounding.AwayFromZero));
    }

    private static PathLevels LevelsOf(ImmutableSortedDictionary<string, string> parameters) =>
        new(SigmaStart.In(parameters), DeltaF.In(parameters), DeltaB.In(parameters));
}
