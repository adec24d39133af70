using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Candidate = DiffusionMesh.Search.Candidate;
using CandidateMessage = DiffusionMesh.Contracts.SearchV1.Candidate;
using DomainLedger = DiffusionMesh.Search.Accounting.Ledger;
using HackingRound = DiffusionMesh.Search.Guarding.HackingRound;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;
using StopReason = DiffusionMesh.Search.StopReason;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>What is known of one search. Safe for concurrent use: one search writes, calls read.</summary>
internal sealed class SearchRecord(string id, CreateSearchRequest request, SpecMessage spec, DateTimeOffset created)
{
    private readonly Lock _gate = new();
    private readonly List<CandidateMessage> _candidates = [];
    private readonly List<SampleImage?> _images = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DomainLedger _ledger = new(0, 0, 0, 0, 0, ImmutableSortedDictionary<string, long>.Empty);
    private ImmutableArray<BestCandidate> _best = [];
    private ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> _verifierStates = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty;
    private ImmutableArray<string> _degradations = [];
    private ImmutableArray<HackingRound> _hacking = [];
    private StopReason? _reason;
    private string _error = "";
    private DateTimeOffset? _endTime;
    private Func<TimeSpan> _wall = () => TimeSpan.Zero;

    public string Id => id;

    public string RequestId => request.RequestId;

    /// <summary>What the client asked for, as it asked.</summary>
    public SpecMessage Requested => request.Spec;

    public SearchEvents Events { get; } = new();

    /// <summary>Completes once the state is final and the last event was appended.</summary>
    public Task Ended => _ended.Task;

    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _reason is null;
            }
        }
    }

    /// <summary>Bytes of all images that are held.</summary>
    public long ImageBytes
    {
        get
        {
            lock (_gate)
            {
                return _images.Sum(image => (long)(image?.Pixels.Length ?? 0));
            }
        }
    }

    public void Begin(Func<TimeSpan> wall) => _wall = wall;

    public void Put(Candidate candidate, DomainLedger? ledger)
    {
        var message = SearchResultMapping.ToMessage(candidate);
        lock (_gate)
        {
            if (candidate.Number == _candidates.Count)
            {
                _candidates.Add(message);
                _images.Add(candidate.Image);
            }
            else
            {
                _candidates[candidate.Number] = message;
                _images[candidate.Number] = candidate.Image;
            }

            _ledger = ledger ?? _ledger;
        }
    }

    /// <summary>Takes note of a round that has ended.</summary>
    public void PutRound(BestCandidate? best, DomainLedger ledger, HackingRound? hacking)
    {
        lock (_gate)
        {
            _best = best is null ? [] : [best];
            _ledger = ledger;
            _hacking = hacking is null ? _hacking : _hacking.Add(hacking);
        }
    }

    public void End(SearchResult result, DateTimeOffset at)
    {
        foreach (var candidate in result.Candidates)
        {
            Put(candidate, result.Ledger);
        }

        lock (_gate)
        {
            (_best, _ledger, _verifierStates) = (result.Best, result.Ledger, result.VerifierStates);
            (_degradations, _hacking) = (result.Degradations, result.Hacking);
            EndWith(result.StopReason, result.Error ?? "", at);
        }
    }

    /// <summary>Ends a search that broke; what it had is kept.</summary>
    public void End(string error, DateTimeOffset at)
    {
        lock (_gate)
        {
            EndWith(StopReason.Error, error, at);
        }
    }

    public void AnnounceEnd() => _ended.SetResult();

    /// <param name="candidates">Whether to list them.</param>
    public SearchMessage ToMessage(bool candidates)
    {
        lock (_gate)
        {
            var message = new SearchMessage
            {
                Id = id,
                RequestId = RequestId,
                Spec = spec,
                CreateTime = Timestamp.FromDateTimeOffset(created),
                EndTime = _endTime is { } end ? Timestamp.FromDateTimeOffset(end) : null,
                State = _reason switch
                {
                    null => SearchState.Running,
                    StopReason.Cancelled => SearchState.Cancelled,
                    StopReason.Error => SearchState.Failed,
                    _ => SearchState.Succeeded,
                },
                Error = _error,
                Best = { _best.Select(SearchResultMapping.ToMessage) },
                Ledger = SearchResultMapping.ToMessage(_ledger, _wall()),
                Degradations = { _degradations },
                Hacking = { _hacking.Select(SearchResultMapping.ToMessage) },
            };
            if (_reason is { } reason)
            {
                message.StopReason = SearchResultMapping.ToMessage(reason);
            }

            if (candidates)
            {
                message.Candidates.Add(_candidates);
                foreach (var (verifier, state) in _verifierStates)
                {
                    message.VerifierStates.Add(verifier, UnsafeByteOperations.UnsafeWrap(state));
                }
            }

            return message;
        }
    }

    /// <summary>The best candidate so far; null if there is none yet.</summary>
    public BestCandidate? Best()
    {
        lock (_gate)
        {
            return _best.IsEmpty ? null : _best[0];
        }
    }

    /// <summary>The image of a candidate; null if it was not sampled or is no longer kept.</summary>
    /// <param name="exists">Whether there is such a candidate.</param>
    public SampleImage? ImageOf(int number, out bool exists)
    {
        lock (_gate)
        {
            exists = number < _images.Count;
            return exists ? _images[number] : null;
        }
    }

    /// <summary>Forgets all images but those of the best.</summary>
    public void DropImages()
    {
        lock (_gate)
        {
            for (var number = 0; number < _images.Count; number++)
            {
                _images[number] = null;
            }
        }
    }

    private void EndWith(StopReason reason, string error, DateTimeOffset at)
    {
        var wall = _wall();
        (_reason, _error, _endTime, _wall) = (reason, error, at, () => wall);
    }
}
