using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// Feynman-Kac steering (Singhal et al., arXiv 2501.06848): particles are denoised side by side; at some levels those whose
/// x-predictions promise little are replaced by copies of those that promise more, in proportion to their weights. What is
/// left of a budget begins again with further particles; what no longer reaches for a whole one resamples the finished
/// particles by their last weights and takes each of those chosen through its last leg once more, with another draw.
/// </summary>
/// <remarks>
/// The sampler is deterministic, so that copies part only because a leg overshoots and is noised up again with a draw of
/// each particle's own. Fresh noise i is the draw at [i], as in random search; particle p of those that began with noise i
/// enters leg l with the draw at [i, l, p]; the uniform number of a resampling before leg l is that at [i, l].
/// </remarks>
internal sealed class FkSteering : ISearchAlgorithm
{
    private static readonly IntegerParameter Particles = new(
        "particles", "Particles that compete, from 1. A small budget leaves fewer.", 4, 1, 4096);

    private static readonly RealParameter Lambda = new(
        "lambda",
        "How sharply rewards decide, in standard deviations over real images: 0 not at all; 10 is the paper's, on a standardised reward.",
        10, 0, 1000);

    private static readonly ChoiceParameter Potential = new(
        "potential",
        "What rewards make of a weight: by the best so far (max), by what was gained (diff), by their sum (add).",
        ["max", "diff", "add"]);

    private static readonly IntegerParameter Resamplings = new(
        "resamplings", "Levels, equally spaced, at which particles may be resampled. Fewer if there are fewer steps.", 4, 1, 999);

    private static readonly RealParameter EssThreshold = new(
        "ess_threshold",
        "They are resampled where the effective number of particles is less than this share of them; 1 means at every level.",
        1, 0, 1);

    private static readonly RealParameter Overshoot = new(
        "overshoot",
        "Share of the next level by which a leg goes below it, to be noised up again: more parts copies further.",
        0.2, 0.01, 0.99);

    public string Name => "fk-steering";

    public string Description =>
        "Denoises particles side by side and replaces those that promise little by copies of those that promise more.";

    public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => true;

    public ImmutableArray<AlgorithmParameter> Parameters =>
        [Particles, Lambda, Potential, Resamplings, EssThreshold, Overshoot];

    public long PlannedCandidates(SearchSpec spec, long nfePerCandidate)
    {
        var legs = LegsOf(spec);
        var (runs, left) = Math.DivRem(spec.BudgetNfe, nfePerCandidate);
        var again = runs > 0 && legs.Count > 1 ? left / Math.Max(1, legs.LastSteps * nfePerCandidate / spec.Steps) : 0;
        return (runs * legs.Count) + again;
    }

    public async Task RunAsync(SearchSession session)
    {
        var spec = session.Spec;
        var legs = LegsOf(spec);
        var cost = legs.Cost(session, 0);
        List<FkParticle>? finished = [];
        for (uint fresh = 0; finished is not null;)
        {
            var fitting = (uint)Math.Min(Particles.In(spec.Parameters), session.BudgetLeft / cost);
            finished = fitting > 0
                ? await SteerAsync(session, legs, fresh, fitting)
                : await EndAsync(session, legs, fresh, finished);
            fresh += Math.Max(fitting, 1);
        }
    }

    // Null if the search has ended.
    private static async Task<List<FkParticle>?> SteerAsync(SearchSession session, BranchingLegs legs, uint first, uint count)
    {
        var spec = session.Spec;
        List<FkParticle> particles = [.. Enumerable.Repeat(FkParticle.Start, (int)count)];
        for (uint leg = 0; leg < legs.Count; leg++)
        {
            if (leg > 0 && MustResample(spec, particles))
            {
                particles = Resample(particles, particles.Count, NoiseAddress.Of(spec.Seed, first, leg));
            }

            var proposals = particles.Select((particle, p) => particle.Candidate is { } draft
                ? legs.Branch((int)leg, draft.Number, NoiseAddress.Of(spec.Seed, first, leg, (uint)p))
                : legs.First(new NoiseExpression.Draw(spec.StartNoise(first + (uint)p))));
            if (await session.RunRoundAsync([.. proposals]) is not { } candidates)
            {
                return null;
            }

            particles = [.. particles.Zip(candidates, (particle, candidate) =>
                particle.MoveTo(candidate, session.Reward(candidate), PotentialOf(spec), Lambda.In(spec.Parameters)))];
        }

        return particles;
    }

    // Spends what does not reach for another particle; null once the search has ended.
    private static async Task<List<FkParticle>?> EndAsync(
        SearchSession session,
        BranchingLegs legs,
        uint fresh,
        List<FkParticle> finished)
    {
        var spec = session.Spec;
        var last = (uint)legs.Count - 1;
        var fitting = (int)(session.BudgetLeft / legs.Cost(session, (int)last));
        var drafts = finished.Where(particle => particle is { IsJudged: true, Candidate.Start: SegmentStart.Renoise }).ToArray();
        if (fitting == 0 || drafts.Length == 0)
        {
            // A whole run may still fit where legs cost more than it does; else the session sees that the budget is spent.
            var whole = Proposal.Whole(spec, new NoiseExpression.Draw(spec.StartNoise(fresh)));
            return await session.RunRoundAsync([whole]) is null ? null : [];
        }

        var chosen = Resample(drafts, fitting, NoiseAddress.Of(spec.Seed, fresh, last));
        var proposals = chosen.Select((particle, p) => legs.Branch(
            (int)last, particle.Candidate!.Start.From!.Value, NoiseAddress.Of(spec.Seed, fresh, last, (uint)p)));
        return await session.RunRoundAsync([.. proposals]) is null ? null : [];
    }

    // Where some were not scored, those that were take their places.
    private static bool MustResample(SearchSpec spec, List<FkParticle> particles)
    {
        var effective = LogWeights.EffectiveSize([.. particles.Select(particle => particle.LogWeight)]);
        return effective < EssThreshold.In(spec.Parameters) * particles.Count || particles.Any(particle => !particle.IsJudged);
    }

    private static List<FkParticle> Resample(IReadOnlyList<FkParticle> particles, int count, NoiseAddress choice)
    {
        var judged = particles.Where(particle => particle.IsJudged).ToArray();
        var chosen = LogWeights.Resample([.. judged.Select(particle => particle.LogWeight)], count, choice.Uniform());
        return [.. chosen.Select(p => judged[p] with { LogWeight = 0 })];
    }

    private static BranchingLegs LegsOf(SearchSpec spec) =>
        new(spec.Steps, Resamplings.In(spec.Parameters) + 1, Overshoot.In(spec.Parameters));

    private static FkPotential PotentialOf(SearchSpec spec) =>
        Enum.Parse<FkPotential>(Potential.In(spec.Parameters), ignoreCase: true);
}
