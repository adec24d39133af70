using System.Collections.Immutable;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>How many drafts successive halving starts and keeps, and what they cost.</summary>
/// <param name="Legs">Of one run.</param>
/// <param name="Eta">One of so many drafts is kept after each leg but the last; a part of one counts as one.</param>
/// <param name="MostDrafts">Most drafts of a bracket, at least 1.</param>
internal sealed record HalvingPlan(ImmutableArray<Leg> Legs, int Eta, long MostDrafts)
{
    /// <summary>NFE of each leg.</summary>
    public required ImmutableArray<long> LegCosts { get; init; }

    /// <summary>NFE of what is left of a run after each leg, in one segment; 0 after the last.</summary>
    public required ImmutableArray<long> RestCosts { get; init; }

    public static HalvingPlan Of(ImmutableArray<Leg> legs, int eta, long mostDrafts, Func<int, bool, long> cost) =>
        new(legs, eta, mostDrafts)
        {
            LegCosts = [.. legs.Select(leg => cost(leg.Steps, leg.ToLevel == 0))],
            RestCosts = [.. legs.Select((_, leg) => leg == legs.Length - 1 ? 0 : cost(StepsAfter(legs, leg), true))],
        };

    /// <summary>Steps of a run after one of its legs.</summary>
    public int StepsAfter(int leg) => StepsAfter(Legs, leg);

    /// <summary>How many of a number of candidates go on.</summary>
    public long Kept(long candidates) => (candidates + Eta - 1) / Eta;

    /// <summary>Candidates of each leg of a bracket.</summary>
    public IEnumerable<long> Sizes(long drafts)
    {
        for (var leg = 0; leg < Legs.Length; leg++)
        {
            yield return drafts;
            drafts = Kept(drafts);
        }
    }

    /// <summary>NFE of a bracket.</summary>
    public long Cost(long drafts) => Sizes(drafts).Zip(LegCosts, (size, cost) => size * cost).Sum();

    /// <summary>Drafts of the largest bracket that can be paid to its end; 0 if none can.</summary>
    public long Fitting(long budget)
    {
        // A bracket of one more never costs less: bisect between what fits and what does not.
        var (fits, tooMany) = (0L, Math.Min(MostDrafts, budget / LegCosts[0]) + 1);
        while (tooMany - fits > 1)
        {
            var middle = fits + ((tooMany - fits) / 2);
            (fits, tooMany) = Cost(middle) <= budget ? (middle, tooMany) : (fits, middle);
        }

        return fits;
    }

    /// <summary>Candidates of a whole search, if every draft is scored.</summary>
    public long Candidates(long budget)
    {
        var (planned, left) = (0L, budget);
        var pruned = new long[Legs.Length];
        while (Fitting(left) is var drafts and > 0)
        {
            var brackets = left / Cost(drafts);
            left -= brackets * Cost(drafts);
            var sizes = Sizes(drafts).ToArray();
            planned += brackets * sizes.Sum();
            for (var leg = 0; leg < sizes.Length - 1; leg++)
            {
                pruned[leg] += brackets * (sizes[leg] - sizes[leg + 1]);
            }
        }

        for (var leg = Legs.Length - 2; leg >= 0; leg--)
        {
            var finished = Math.Min(pruned[leg], left / RestCosts[leg]);
            planned += finished;
            left -= finished * RestCosts[leg];
        }

        return planned;
    }

    private static int StepsAfter(ImmutableArray<Leg> legs, int leg) => legs.Skip(leg + 1).Sum(later => later.Steps);
}
