using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Running;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// A run cut into legs between which it can branch under any sampler: a leg goes on below the level of the next one, which
/// begins by noising its state up again with a fresh draw. A run has the steps of an uncut one.
/// </summary>
internal sealed class BranchingLegs
{
    private readonly ImmutableArray<Leg> _legs;

    /// <param name="steps">Steps of a run.</param>
    /// <param name="legs">At least 1; no more than there are steps are made.</param>
    /// <param name="overshoot">
    /// How far a leg goes on, as a share of the level at which the next one begins, in (0, 1): the larger, the more of the
    /// noise is fresh.
    /// </param>
    public BranchingLegs(int steps, int legs, double overshoot) =>
        _legs = [.. LevelGrid.Split(steps, legs).Select(leg => leg with { ToLevel = leg.ToLevel * (1 - overshoot) })];

    /// <summary>Legs of a run.</summary>
    public int Count => _legs.Length;

    /// <summary>Fewest steps of a leg.</summary>
    public int ShortestSteps => _legs.Min(leg => leg.Steps);

    /// <summary>Steps of the last leg, which finishes the sample.</summary>
    public int LastSteps => _legs[^1].Steps;

    /// <summary>NFE of all legs from one on.</summary>
    /// <param name="first">From 0.</param>
    public long Cost(SearchSession session, int first) => _legs.Skip(first).Sum(leg => session.CostOfSegment(leg.Steps, leg.ToLevel == 0));

    /// <summary>The first leg, from noise.</summary>
    public Proposal First(NoiseExpression noise) => Propose(0, new SegmentStart.Noise(noise));

    /// <summary>A later leg.</summary>
    /// <param name="leg">From 1.</param>
    /// <param name="candidate">The draft that the leg before left.</param>
    /// <param name="draw">The noise that sets this branch apart from others.</param>
    public Proposal Branch(int leg, int candidate, NoiseAddress draw) => Propose(leg, new SegmentStart.Renoise(candidate, draw));

    private Proposal Propose(int leg, SegmentStart start) =>
        new(start, _legs[leg].Steps, _legs[leg].FromLevel, _legs[leg].ToLevel);
}
