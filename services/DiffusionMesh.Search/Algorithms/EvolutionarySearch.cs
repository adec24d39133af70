using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Evolutionary search: of all samples so far the e best are the elites, whose mutants are the next generation. Elites are
/// kept, never sampled again.
/// </summary>
/// <remarks>
/// At level 1 the initial noise is mutated: turned towards a draw by the angle of cosine sqrt(1 - β²). The form
/// sqrt(1 - β²) x + β ε has this cosine, and the norm of x, only on average, since ε has a part along x; the rotation has both
/// exactly. At large d they differ by O(1/sqrt(d)). At a level below 1 the noise in the state at that level is mutated:
/// runs stop at a level a little cleaner, and the elites' states are noised up from there with a draw, which makes the noise
/// sqrt(1 - β²) ε + β ε' and leaves what is left of the data (<see cref="RenoiseLevel"/>). A mutant then costs only the
/// rest of the run. A run of one step has no state on its way: its noise is mutated.
/// Founder i is the draw at [i], as in random search; mutant i of generation g is made with the draw at [g, i].
/// </remarks>
internal sealed class EvolutionarySearch : ISearchAlgorithm
{
    private static readonly IntegerParameter Population = new(
        "population", "Candidates of a generation, from 1 to 4096.", 8, 1, 4096);

    private static readonly IntegerParameter Elites = new(
        "elites", "e, the best candidates so far, whose mutants are the next generation, from 1 to 4096.", 2, 1, 4096);

    private static readonly RealParameter Beta = new(
        "beta", "β, the share of new noise in a mutant, from 0.01 to 0.99.", .2, .01, .99);

    private static readonly RealParameter Level = new(
        "level", "Noise level (linear-flow time) at which mutants arise, from 0.05; 1 is the initial noise.", 1, .05, 1);

    public string Name => "evolutionary";

    public string Description => "Mutates the noise of the best candidates so far, at the beginning or on the way, generation by generation.";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => Level.In(parameters) < 1;

    public ImmutableArray<AlgorithmParameter> Parameters => [Population, Elites, Beta, Level];

    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate)
    {
        if (MutationOf(spec) is not { } mutation)
        {
            return spec.BudgetNfe / nfePerCandidate;
        }

        var founders = Math.Min(Population.In(spec.Parameters), spec.BudgetNfe / nfePerCandidate);
        var mutantCost = Math.Max(1, (mutation.MutantSteps + mutation.LastSteps) * nfePerCandidate / spec.Steps);
        var left = spec.BudgetNfe - (founders * nfePerCandidate);
        return 2 * (founders + (left / mutantCost));
    }

    public async Task RunAsync(SearchSession session)
    {
        var mutation = MutationOf(session.Spec);
        for (uint generation = 0; ; generation++)
        {
            ImmutableArray<Candidate> elites =
                [.. session.Rank().Select(standing => standing.Candidate).Where(CanMutate).Take(Elites.In(session.Spec.Parameters))];
            var goesOn = mutation is null
                ? await session.RunRoundAsync(NoiseMutants(session.Spec, generation, elites)) is not null
                : await RunStateMutantsAsync(session, mutation, generation, elites);
            if (!goesOn)
            {
                return;
            }
        }

        bool CanMutate(Candidate candidate) => candidate.Start switch
        {
            SegmentStart.Noise(var noise) => mutation is null && noise.Rotations < NoiseExpression.MaxRotations,
            _ => true,
        };
    }

    private static List<Proposal> NoiseMutants(SearchSpec spec, uint generation, ImmutableArray<Candidate> elites)
    {
        var beta = Beta.In(spec.Parameters);
        var cosine = Math.Sqrt(1 - (beta * beta));
        return [.. Enumerable.Range(0, Population.In(spec.Parameters)).Select(i => generation == 0
            ? Proposal.Whole(spec, Founder(spec, i))
            : Mutant(elites[i % elites.Length], NoiseAddress.Of(spec.Seed, generation, (uint)i)))];

        Proposal Mutant(Candidate elite, NoiseAddress draw)
        {
            var noise = ((SegmentStart.Noise)elite.Start).Expression;
            return Proposal.Whole(spec, new NoiseExpression.Rotation(noise, draw, cosine), elite.Number);
        }
    }

    // False if the search has ended.
    private static async Task<bool> RunStateMutantsAsync(
        SearchSession session,
        StateMutation mutation,
        uint generation,
        ImmutableArray<Candidate> elites)
    {
        var spec = session.Spec;
        var steps = generation == 0 ? mutation.FounderSteps : mutation.MutantSteps;
        var cost = session.CostOfSegment(steps, finishes: false) + session.CostOfSegment(mutation.LastSteps, finishes: true);
        var count = (int)Math.Min(Population.In(spec.Parameters), session.BudgetLeft / cost);
        if (count == 0)
        {
            // What is left may still fit whole runs; then the session sees that the budget is spent.
            var further = Population.In(spec.Parameters);
            while (await session.RunRoundAsync([Proposal.Whole(spec, Founder(spec, further++))]) is not null)
            {
            }

            return false;
        }

        var drafts = Enumerable.Range(0, count).Select(i => generation == 0
            ? new Proposal(new SegmentStart.Noise(Founder(spec, i)), steps, 1, mutation.DraftLevel)
            : new Proposal(
                new SegmentStart.Renoise(elites[i % elites.Length].Start.From!.Value, NoiseAddress.Of(spec.Seed, generation, (uint)i)),
                steps,
                mutation.Level,
                mutation.DraftLevel));
        if (await session.RunRoundAsync([.. drafts]) is not { } candidates)
        {
            return false;
        }

        var finished = candidates.Select(draft =>
            new Proposal(new SegmentStart.Continuation(draft.Number), mutation.LastSteps, mutation.DraftLevel));
        return await session.RunRoundAsync([.. finished]) is not null;
    }

    private static NoiseExpression.Draw Founder(SearchSpec spec, int index) => new(spec.StartNoise((uint)index));

    private static StateMutation? MutationOf(SearchSpec spec) => Level.In(spec.Parameters) is < 1 and var level && spec.Steps > 1
        ? StateMutation.Of(level, Beta.In(spec.Parameters), spec.Steps)
        : null;

    /// <summary>Where states are mutated, and with how many steps.</summary>
    /// <param name="Level">Up to which states are noised.</param>
    /// <param name="DraftLevel">At which their runs stop.</param>
    /// <param name="FounderSteps">From noise to <paramref name="DraftLevel"/>.</param>
    /// <param name="MutantSteps">From <paramref name="Level"/> to <paramref name="DraftLevel"/>.</param>
    /// <param name="LastSteps">From <paramref name="DraftLevel"/> to the finished sample.</param>
    private sealed record StateMutation(double Level, double DraftLevel, int FounderSteps, int MutantSteps, int LastSteps)
    {
        // Each stretch has its share of the steps, and one at least.
        public static StateMutation Of(double level, double beta, int steps)
        {
            var draftLevel = RenoiseLevel.Below(level, beta);
            var last = Math.Clamp((int)Math.Round(steps * draftLevel), 1, steps - 1);
            return new StateMutation(
                level, draftLevel, steps - last, Math.Max(1, (int)Math.Round(steps * (level - draftLevel))), last);
        }
    }
}
