using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Diffusion tree sampling and search (Jain et al., arXiv 2506.20701): the states between the legs of runs form a tree. Each
/// run goes down from the root, in proportion to exp(λ v̂) (DTS) or to the greatest v̂ (DTS*), branches off a state by
/// noising it up, and is denoised to its end; its reward then changes the values v̂ on its way. States are kept as drafts, so
/// that nothing before a branch is sampled again.
/// </summary>
/// <remarks>
/// The runs of a round are chosen before any of their results is known; visits count at once, so that they spread. Fresh
/// noise i is the draw at [i], as in random search; run n enters leg l with the draw at [n, l], and chooses among the children
/// of a state l legs from the root by the uniform number there.
/// </remarks>
internal sealed class TreeSearch : ISearchAlgorithm
{
    private const string Greatest = "max";

    private static readonly ChoiceParameter Selection = new(
        "selection",
        "How a run chooses among children: by chance in proportion to exp(lambda * value) (sample: DTS), or the best (max: DTS*).",
        ["sample", Greatest]);

    private static readonly RealParameter Lambda = new(
        "lambda",
        "How sharply rewards decide, per standard deviation of the score over real images.",
        10, 0.001, 1000);

    private static readonly RealParameter Exploration = new(
        "exploration",
        "With selection max: weight c of the bonus c * sqrt(ln(visits of the node) / visits of the child); 0 is the paper's DTS*.",
        0, 0, 1000);

    private static readonly IntegerParameter Legs = new(
        "legs", "Legs of a run, between which it can branch, from 1. No more than there are steps.", 4, 1, 64);

    private static readonly RealParameter Widening = new(
        "widening", "C: a state visited n times has up to C * n^widening_exponent children.", 1, 0.01, 1000);

    private static readonly RealParameter WideningExponent = new(
        "widening_exponent", "0 fixes the number of children; 1 with widening 1 always begins at the root.", 0.5, 0, 1);

    private static readonly RealParameter Overshoot = new(
        "overshoot",
        "Share of the next level by which a leg goes below it, to be noised up again: more parts branches further.",
        0.2, 0.01, 0.99);

    private static readonly IntegerParameter RoundSize = new(
        "round_size", "Runs of a round, from 1: they are chosen before any of their results is known.", 8, 1, 4096);

    public string Name => "tree";

    public string Description =>
        "Grows a tree of denoising states and branches off those from which good samples came (DTS, DTS*).";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => true;

    public ImmutableArray<AlgorithmParameter> Parameters =>
        [Selection, Lambda, Exploration, Legs, Widening, WideningExponent, Overshoot, RoundSize];

    // The most: where runs branch, and so how long they are, is not known beforehand.
    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate) => spec.BudgetNfe < nfePerCandidate
        ? 0
        : spec.BudgetNfe / Math.Max(1, LegsOf(spec).ShortestSteps * nfePerCandidate / spec.Steps);

    public async Task RunAsync(SearchSession session)
    {
        var spec = session.Spec;
        var legs = LegsOf(spec);
        var policy = PolicyOf(session, legs);
        var root = new TreeNode(null);
        for (uint first = 0; SelectRuns(session, policy, root, first) is { Count: > 0 } runs; first += (uint)runs.Count)
        {
            if (!await FollowAsync(session, legs, runs))
            {
                return;
            }
        }

        // Whole runs may still fit where legs cost more than they do; else the session sees that the budget is spent.
        for (var fresh = (uint)root.Children.Count; ; fresh++)
        {
            if (await session.RunRoundAsync([Proposal.Whole(spec, Noise(spec, fresh))]) is null)
            {
                return;
            }
        }
    }

    // Chooses as many runs as a round has and the budget admits, before any result of theirs is known.
    private static List<Run> SelectRuns(SearchSession session, TreePolicy policy, TreeNode root, uint first)
    {
        var runs = new List<Run>();
        var budget = session.BudgetLeft;
        for (var size = RoundSize.In(session.Spec.Parameters); runs.Count < size;)
        {
            var number = first + (uint)runs.Count;
            if (policy.Select(root, budget, NoiseAddress.Of(session.Spec.Seed, number)) is not { } origin)
            {
                break;
            }

            budget -= policy.RunCosts[origin.Depth];
            runs.Add(new Run(number, origin.AddChild(), (uint)root.Children.Count - 1));
            for (var node = runs[^1].Tip; node is not null; node = node.Parent)
            {
                node.Visit();
            }
        }

        return runs;
    }

    // Takes runs to their end, side by side; false if the search has ended.
    private static async Task<bool> FollowAsync(SearchSession session, BranchingLegs legs, IReadOnlyList<Run> runs)
    {
        while (runs.Count > 0)
        {
            if (await session.RunRoundAsync([.. runs.Select(run => NextLeg(session.Spec, legs, run))]) is not { } candidates)
            {
                return false;
            }

            var open = new List<Run>();
            foreach (var (run, candidate) in runs.Zip(candidates))
            {
                run.Tip.Candidate = candidate;
                if (!candidate.IsFinished)
                {
                    open.Add(run with { Tip = run.Tip.AddChild() });
                    open[^1].Tip.Visit();
                }
                else if (session.Reward(candidate) is { } reward)
                {
                    run.Tip.Backup(reward, Lambda.In(session.Spec.Parameters));
                }
            }

            runs = open;
        }

        return true;
    }

    private static Proposal NextLeg(SearchSpec spec, BranchingLegs legs, Run run)
    {
        var leg = run.Tip.Depth - 1;
        return leg == 0
            ? legs.First(Noise(spec, run.Fresh))
            : legs.Branch(leg, run.Tip.Parent!.Candidate!.Number, NoiseAddress.Of(spec.Seed, run.Number, (uint)leg));
    }

    private static NoiseExpression.Draw Noise(SearchSpec spec, uint index) => new(spec.StartNoise(index));

    private static BranchingLegs LegsOf(SearchSpec spec) =>
        new(spec.Steps, Legs.In(spec.Parameters), Overshoot.In(spec.Parameters));

    private static TreePolicy PolicyOf(SearchSession session, BranchingLegs legs)
    {
        var parameters = session.Spec.Parameters;
        return new TreePolicy(
            Lambda.In(parameters),
            Selection.In(parameters) == Greatest,
            Exploration.In(parameters),
            Widening.In(parameters),
            WideningExponent.In(parameters),
            [.. Enumerable.Range(0, legs.Count).Select(first => legs.Cost(session, first))]);
    }

    /// <param name="Number">From 0, in the order of choice.</param>
    /// <param name="Tip">The state that is sampled next.</param>
    /// <param name="Fresh">Number of its noise, if it begins with one.</param>
    private readonly record struct Run(uint Number, TreeNode Tip, uint Fresh);
}
