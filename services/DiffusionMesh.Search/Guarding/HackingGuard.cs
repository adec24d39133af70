using System.Collections.Immutable;

namespace DiffusionMesh.Search.Guarding;

/// <summary>
/// Watches whether a search improves what it selects by at the cost of what it does not see. A round warns when, since the
/// round before, the searched score rose and the held-out one fell: noise does that often. Hacking is found as overfitting
/// is by early stopping: the searched score has gone on rising, while the held-out one stayed below its best.
/// </summary>
public sealed class HackingGuard
{
    /// <summary>Most survivors.</summary>
    public const int MaxSurvivors = 8;

    /// <summary>
    /// Rounds with new and better survivors whose held-out score lies significantly below its best, before hacking is
    /// found. A round in between whose score is back up begins the count anew.
    /// </summary>
    public const int Patience = 3;

    /// <summary>
    /// How far below, in standard errors of the difference of two means over survivors. With this and the patience, in 40
    /// rounds of 8 random candidates, hacking is found in about 5 of 100 searches whose held-out scores know nothing of the
    /// searched ones, and in about 80 whose scores are correlated by -0.6.
    /// </summary>
    private const double Significance = 2.5;

    private readonly ImmutableArray<HackingRound>.Builder _rounds = ImmutableArray.CreateBuilder<HackingRound>();
    private Look? _first;
    private Look? _last;
    private Look? _peak;
    private int _losing;

    /// <summary>One for each round whose survivors were judged.</summary>
    public ImmutableArray<HackingRound> Rounds => _rounds.ToImmutable();

    /// <summary>Whether hacking was found.</summary>
    public bool HasFound => _losing >= Patience;

    /// <summary>Takes note of a round that has ended.</summary>
    /// <param name="survivors">
    /// The best candidates so far, at most <see cref="MaxSurvivors"/>: finished ones, or the round's drafts while none is.
    /// </param>
    /// <returns>Null if no survivor has a held-out score.</returns>
    public HackingRound? Judge(int round, IReadOnlyList<Survivor> survivors)
    {
        var judged = survivors.Select(survivor => survivor.HeldOut).OfType<double>().ToArray();
        if (judged.Length == 0)
        {
            return null;
        }

        var look = new Look(survivors.Average(survivor => survivor.Searched), judged, survivors[0].IsFinished);

        // Drafts are blurred: they and finished samples are not to be compared.
        if (_last?.IsFinished != look.IsFinished)
        {
            (_last, _peak, _losing) = (null, null, 0);
        }

        _first ??= look;
        var rose = _last is { } last && look.Searched > last.Searched;
        var noted = new HackingRound(
            round,
            look.Searched,
            look.HeldOut,
            look.Searched - look.HeldOut - (_first.Searched - _first.HeldOut),
            ImageDistance.MeanOfPairs([.. survivors.Select(survivor => survivor.Image)]),
            rose && look.HeldOut < _last!.HeldOut);
        Count(look, rose);
        _rounds.Add(noted);
        return noted;
    }

    private void Count(Look look, bool rose)
    {
        _last = look;
        if (_peak is null || look.HeldOut >= _peak.HeldOut)
        {
            (_peak, _losing) = (look, 0);
        }
        else if (!look.IsBelow(_peak))
        {
            _losing = 0;
        }
        else if (rose && look.Searched > _peak.Searched)
        {
            _losing++;
        }
    }

    private sealed class Look(double searched, double[] judged, bool isFinished)
    {
        public double Searched => searched;

        public double HeldOut { get; } = judged.Average();

        public bool IsFinished => isFinished;

        /// <summary>Whether the held-out score is significantly lower. One survivor alone tells nothing of the spread.</summary>
        public bool IsBelow(Look peak)
        {
            if (judged.Length < 2)
            {
                return false;
            }

            var variance = judged.Sum(score => (score - HeldOut) * (score - HeldOut)) / (judged.Length - 1);
            var standardError = Math.Sqrt(variance * ((1.0 / judged.Length) + (1.0 / peak.Count)));
            return peak.HeldOut - HeldOut > Significance * standardError;
        }

        private int Count => judged.Length;
    }
}
