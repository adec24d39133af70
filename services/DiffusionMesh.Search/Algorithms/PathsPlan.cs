using System.Collections.Immutable;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>How wide search over paths is, and what it costs.</summary>
/// <param name="Paths">N, paths kept.</param>
/// <param name="Branches">M, branches of each path in a round.</param>
/// <param name="Rounds">Noise levels of the backward legs.</param>
/// <param name="FirstSteps">Steps of a first leg, L0.</param>
/// <param name="LegSteps">Steps of a backward leg, L.</param>
internal sealed record PathsPlan(
    int Paths,
    int Branches,
    ImmutableArray<(double From, double To)> Rounds,
    int FirstSteps,
    int LegSteps)
{
    /// <summary>NFE of a first leg.</summary>
    public required long FirstCost { get; init; }

    /// <summary>NFE of a backward leg that leaves a draft.</summary>
    public required long LegCost { get; init; }

    /// <summary>NFE of a backward leg that finishes the sample.</summary>
    public required long LastCost { get; init; }

    public long Candidates => Paths + ((long)Rounds.Length * Paths * Branches);

    /// <summary>NFE of all of it: N L0 + rounds N M L.</summary>
    public long Cost => (Paths * FirstCost) + (Paths * Branches * BranchCost);

    private long BranchCost => ((Rounds.Length - 1) * LegCost) + LastCost;

    /// <summary>
    /// The widest that can be paid to its end: fewer branches first, though two at least, since one leaves no choice; then
    /// fewer paths.
    /// </summary>
    /// <returns>Null if not even a single path fits.</returns>
    public PathsPlan? Within(long budget)
    {
        for (var paths = Paths; paths >= 1; paths--)
        {
            var branches = Math.Min(Branches, ((budget / paths) - FirstCost) / BranchCost);
            if (branches >= Math.Min(Branches, 2))
            {
                return this with { Paths = paths, Branches = (int)branches };
            }
        }

        return null;
    }
}
