using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// How a search chooses. Under one verifier by its score. Under several as the ensemble rule says, among the candidates
/// that have every score they need. Verifiers that are held out have no part in it.
/// </summary>
public sealed class SelectionRule
{
    private readonly ImmutableArray<RankedVerifier> _verifiers;
    private readonly ImmutableArray<int> _selecting;
    private readonly IEnsembleRule _ensemble;

    /// <param name="verifiers">In the order of the candidates' scores; at least one that selects.</param>
    /// <param name="ensemble">Name of the rule for several.</param>
    /// <exception cref="ArgumentException">None selects, or one does not say of real images what the rule needs.</exception>
    public SelectionRule(ImmutableArray<RankedVerifier> verifiers, string ensemble = EnsembleRules.Default)
    {
        _verifiers = verifiers;
        _selecting = [.. Enumerable.Range(0, verifiers.Length).Where(v => !verifiers[v].HeldOut)];
        _ensemble = EnsembleRules.All[ensemble];
        ArgumentOutOfRangeException.ThrowIfZero(_selecting.Length);
        if (!IsSingle && _ensemble.NeedsRealScale && _selecting.Any(v => verifiers[v].RealScale is null))
        {
            throw new ArgumentException($"\"{ensemble}\" needs verifiers that describe their scores over real images", nameof(verifiers));
        }
    }

    /// <summary>The rule of a search.</summary>
    /// <param name="ports">In the order of the specification's verifiers.</param>
    public static SelectionRule Of(SearchSpec spec, ImmutableArray<IVerifier> ports) =>
        new([.. spec.Verifiers.Zip(ports, RankedVerifier.Of)], spec.Ensemble);

    /// <summary>Whether a greater search score is a better one.</summary>
    public bool HigherIsBetter => IsSingle ? _verifiers[_selecting[0]].HigherIsBetter : _ensemble.HigherIsBetter;

    /// <summary>Whether a candidate's search score is a matter of its own scores alone, whatever the pool.</summary>
    public bool IsAbsolute => IsSingle || _ensemble.IsAbsolute;

    private bool IsSingle => _selecting.Length == 1;

    /// <summary>Whether a candidate with these scores takes part in a choice.</summary>
    public bool Accepts(ImmutableArray<VerifierScore> scores) =>
        _selecting.Any(v => ScoreOf(scores, v) is not null)
        && _selecting.All(v => !_verifiers[v].IsRequired || ScoreOf(scores, v) is not null);

    /// <summary>The candidates that take part, best first.</summary>
    /// <remarks>Equal search scores stand in the order of proposal, for presentation only: neither is better.</remarks>
    public ImmutableArray<Standing> Rank(IEnumerable<Candidate> candidates)
    {
        var pool = candidates.Where(candidate => candidate.State == CandidateState.Scored).ToArray();
        var searchScores = SearchScores(pool);
        var standings = new Standing[pool.Length];
        for (var i = 0; i < pool.Length; i++)
        {
            standings[i] = new Standing(pool[i], searchScores[i]);
        }

        Array.Sort(standings, InOrder);
        return [.. standings];
    }

    /// <summary>Whether a search score is at least as good as a target.</summary>
    public bool Reaches(double searchScore, double target) =>
        HigherIsBetter ? searchScore >= target : searchScore <= target;

    private static double? ScoreOf(ImmutableArray<VerifierScore> scores, int verifier) =>
        scores[verifier].Outcome is ScoreOutcome.Value(var score) ? score : null;

    private double[] SearchScores(Candidate[] pool)
    {
        var (sums, weights) = (new double[pool.Length], new double[pool.Length]);
        foreach (var v in _selecting)
        {
            var scores = Array.ConvertAll(pool, candidate => ScoreOf(candidate.Scores, v));
            if (IsSingle)
            {
                return Array.ConvertAll(scores, score => score!.Value);
            }

            var shared = _ensemble.OnSharedScale(scores, _verifiers[v]);
            for (var i = 0; i < pool.Length; i++)
            {
                if (shared[i] is { } value)
                {
                    sums[i] += _verifiers[v].Weight * value;
                    weights[i] += _verifiers[v].Weight;
                }
            }
        }

        return [.. sums.Zip(weights, (sum, weight) => sum / weight)];
    }

    private int InOrder(Standing left, Standing right)
    {
        var byScore = left.SearchScore.CompareTo(right.SearchScore);
        return byScore == 0
            ? left.Candidate.Number.CompareTo(right.Candidate.Number)
            : HigherIsBetter ? -byScore : byScore;
    }
}

/// <summary>A candidate and what it is selected by.</summary>
public readonly record struct Standing(Candidate Candidate, double SearchScore);
