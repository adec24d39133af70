using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// What is known of one search: its header and the entries of its journal, in their order. The same entries give the same
/// answer on every orchestrator. Safe for concurrent use.
/// </summary>
internal sealed class SearchFold(SearchHeader header)
{
    private readonly Lock _gate = new();
    private readonly List<Candidate> _candidates = [];
    private readonly SortedDictionary<int, RoundFinished> _rounds = [];
    private readonly Dictionary<int, RoundStarted> _started = [];
    private readonly Dictionary<string, PaidSegment> _segments = new(StringComparer.Ordinal);
    private SearchMessage? _end;
    private Best? _best;
    private long _wasted;
    private bool _isTaken;

    public SearchHeader Header => header;

    /// <summary>Number of the last entry that was applied; 0 if none was.</summary>
    public long LastEntry { get; private set; }

    /// <summary>Number of the last event; 0 if there was none.</summary>
    public long LastEvent { get; private set; }

    /// <summary>How long it has run, as of its last event.</summary>
    public TimeSpan Elapsed { get; private set; }

    /// <summary>How long it had run when it was reopened last; a time limit counts from there.</summary>
    public TimeSpan ElapsedWhenReopened { get; private set; }

    public bool HasEnded
    {
        get
        {
            lock (_gate)
            {
                return _end is not null;
            }
        }
    }

    /// <summary>Whether it is kept and nobody works on it.</summary>
    public bool IsQueued
    {
        get
        {
            lock (_gate)
            {
                return _end is null && !_isTaken;
            }
        }
    }

    /// <summary>
    /// Whether whoever had it last broke off without handing it back, so that work may have been under way that nobody
    /// answered for.
    /// </summary>
    public bool WasBrokenOff
    {
        get
        {
            lock (_gate)
            {
                return _end is null && _isTaken;
            }
        }
    }

    /// <summary>NFE of all segments that are paid for and were not lost.</summary>
    public long PaidNfe { get; private set; }

    /// <summary>Segments that may be under way at the same time; 0 if none ever was.</summary>
    public int AtOnce { get; private set; }

    public void Apply(JournalEntry entry)
    {
        lock (_gate)
        {
            LastEntry = entry.Number;
            switch (entry.EntryCase)
            {
                case JournalEntry.EntryOneofCase.Segment:
                    _segments[entry.Segment.Image.Digest] = entry.Segment;
                    PaidNfe += entry.Segment.Nfe;
                    break;
                case JournalEntry.EntryOneofCase.WastedNfe:
                    _wasted += entry.WastedNfe;
                    break;
                case JournalEntry.EntryOneofCase.Lost:
                    _wasted += entry.Lost.Nfe;
                    PaidNfe -= entry.Lost.Nfe;
                    break;
                case JournalEntry.EntryOneofCase.AtOnce:
                    AtOnce = entry.AtOnce;
                    break;
                case JournalEntry.EntryOneofCase.Reopened:
                    (_end, _isTaken, ElapsedWhenReopened) = (null, false, Elapsed);
                    break;
                case JournalEntry.EntryOneofCase.HandedBack:
                    _isTaken = false;
                    break;
                case JournalEntry.EntryOneofCase.Event:
                    Apply(entry.Event);
                    break;
            }
        }
    }

    /// <summary>
    /// Whether an event tells nothing that was not told before. A search that is taken on again comes by all that it went
    /// through, with other waste and at another time.
    /// </summary>
    public bool Knows(WatchSearchResponse happened)
    {
        lock (_gate)
        {
            return happened.EventCase switch
            {
                WatchSearchResponse.EventOneofCase.RoundStarted =>
                    _started.TryGetValue(happened.RoundStarted.Round, out var known) && known.Equals(happened.RoundStarted),
                WatchSearchResponse.EventOneofCase.CandidateFinished =>
                    Position(happened.CandidateFinished) is var i && i < _candidates.Count && _candidates[i].Equals(happened.CandidateFinished),
                WatchSearchResponse.EventOneofCase.RoundFinished =>
                    _rounds.TryGetValue(happened.RoundFinished.Round, out var known) && Lasting(known).Equals(Lasting(happened.RoundFinished)),
                _ => false,
            };
        }
    }

    /// <param name="candidates">Whether to list them.</param>
    public SearchMessage ToMessage(bool candidates)
    {
        lock (_gate)
        {
            if (_end is not null)
            {
                return candidates ? _end : SearchOutcome.WithoutCandidates(_end);
            }

            var message = SearchOutcome.Begin(header);
            message.State = _isTaken ? SearchState.Running : SearchState.Queued;
            message.Ledger = LedgerSoFar();
            message.Hacking.Add(_rounds.Values.Select(round => round.Hacking).Where(hacking => hacking is not null));
            if (_best is not null)
            {
                message.Best.Add(_best);
            }

            if (candidates)
            {
                message.Candidates.Add(_candidates);
            }

            return message;
        }
    }

    /// <summary>A candidate as it was last told of; null if there is none of that number.</summary>
    public Candidate? CandidateAt(int number)
    {
        lock (_gate)
        {
            return _end is not null ? At(_end.Candidates) : At(_candidates);
        }

        Candidate? At(IList<Candidate> candidates) => number < candidates.Count ? candidates[number] : null;
    }

    /// <summary>The segment whose image has this digest; null if none was sampled.</summary>
    public PaidSegment? SegmentOf(string digest)
    {
        lock (_gate)
        {
            return _segments.GetValueOrDefault(digest);
        }
    }

    /// <summary>What a round came to, less what depends on when and how often it was run.</summary>
    public static RoundFinished Lasting(RoundFinished round)
    {
        var lasting = round.Clone();
        lasting.Ledger.WallSeconds = 0;
        lasting.Ledger.NfeTotal -= lasting.Ledger.NfeWasted;
        lasting.Ledger.NfeWasted = 0;
        return lasting;
    }

    private static int Position(Candidate candidate) => SearchResultMapping.CandidateNumber(candidate.Id) ?? int.MaxValue;

    private void Apply(WatchSearchResponse happened)
    {
        LastEvent = happened.EventNumber;
        Elapsed = happened.Progress?.Elapsed?.ToTimeSpan() ?? Elapsed;
        switch (happened.EventCase)
        {
            case WatchSearchResponse.EventOneofCase.SearchStarted:
                _isTaken = true;
                break;
            case WatchSearchResponse.EventOneofCase.RoundStarted:
                _started[happened.RoundStarted.Round] = happened.RoundStarted;
                Array.ForEach([.. happened.RoundStarted.Admitted], Put);
                break;
            case WatchSearchResponse.EventOneofCase.CandidateFinished:
                Put(happened.CandidateFinished);
                break;
            case WatchSearchResponse.EventOneofCase.RoundFinished:
                _rounds[happened.RoundFinished.Round] = happened.RoundFinished;
                _best = happened.RoundFinished.Best;
                break;
            case WatchSearchResponse.EventOneofCase.SearchFinished:
                _end = happened.SearchFinished;
                break;
        }
    }

    private void Put(Candidate candidate)
    {
        var position = Position(candidate);
        if (position < _candidates.Count)
        {
            _candidates[position] = candidate;
        }
        else if (position == _candidates.Count)
        {
            _candidates.Add(candidate);
        }
    }

    // Of the last round that ended, with the candidates and the waste that came since.
    private Ledger LedgerSoFar()
    {
        var ledger = _rounds.Count == 0 ? new Ledger() : _rounds.Values.Last().Ledger.Clone();
        ledger.NfeSearch = _candidates.Sum(candidate => candidate.Nfe);
        ledger.NfeWasted = _wasted;
        ledger.NfeTotal = ledger.NfeSearch + ledger.NfeFinal + ledger.NfeWasted;
        ledger.WallSeconds = Elapsed.TotalSeconds;
        return ledger;
    }
}
