using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Guarding;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>
/// Spans of one run of a search: one for itself, one for each round, for each candidate of it, and for each line of the
/// ledger. The last kind, <c>segment</c>, is told of once the journal has the line, so that these add up to the ledger.
/// </summary>
internal sealed class SearchTrace : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _id;
    private readonly PromptPrivacy _privacy;
    private readonly ILogger _logger;
    private readonly Activity? _search;
    private readonly Dictionary<int, CandidateSpan> _candidates = [];
    private readonly CandidateLineage _lineage = new();
    private CandidateSpan? _final;
    private Activity? _round;

    /// <param name="epoch">How often the search was taken on, this time included; null if it is not.</param>
    /// <param name="logger">Whose lines say what they are about.</param>
    /// <param name="work">What is done with the search: the name of the span that all others hang from.</param>
    public SearchTrace(string id, SearchSpec spec, PromptPrivacy privacy, long? epoch, ILogger logger, string work = "search")
    {
        (_id, _privacy, _logger) = (id, privacy, logger);
        _search = SearchTraceId.StartRoot(work, id);
        Activity.Current = null;
        _search?.SetTag(DiffusionMeshTelemetry.SearchId, id);
        _search?.SetTag(DiffusionMeshTelemetry.Epoch, epoch);
        _search?.SetTag(DiffusionMeshTelemetry.Model, spec.Model);
        _search?.SetTag(DiffusionMeshTelemetry.Algorithm, spec.Algorithm);
        _search?.SetTag(DiffusionMeshTelemetry.Prompt, privacy.Prompt);
        _search?.SetTag(DiffusionMeshTelemetry.NegativePrompt, privacy.NegativePrompt);
        _search?.Hide(privacy.Hide);
    }

    private ActivityContext Current => (_round ?? _search)?.Context ?? default;

    /// <summary>Starts the span of a call that samples, linked to the candidates that it serves.</summary>
    /// <returns>The current one of the caller's flow, to be disposed of; null if nobody listens.</returns>
    public Activity? StartSample(IReadOnlyCollection<Segment> segments) =>
        StartCall("sample", [.. segments.Select(segment => segment.Candidate)], static (span, call) => span.SentTo(call));

    /// <summary>Starts the span of a call that scores, linked to the candidates that it serves.</summary>
    /// <returns>The current one of the caller's flow, to be disposed of; null if nobody listens.</returns>
    public Activity? StartScore(string verifier, IReadOnlyCollection<SampledSegment> samples)
    {
        var call = StartCall("score", [.. samples.Select(sample => sample.Candidate)], (span, call) => span.SentTo(verifier, call));
        call?.SetTag(DiffusionMeshTelemetry.Verifier, verifier);
        return call;
    }

    /// <summary>Until it is disposed of, lines that the caller's flow logs carry these candidates.</summary>
    /// <param name="candidates">Null stands for the final run.</param>
    public IDisposable? LogAbout(IEnumerable<int?> candidates) => _logger.BeginScope(new LogScope(
        new KeyValuePair<string, object?>(
            DiffusionMeshTelemetry.Candidates,
            string.Join(',', candidates.Select(candidate => candidate is { } number ? SearchResultMapping.CandidateId(number) : SegmentCost.Final)))));

    public void RoundStarted(int round, IReadOnlyList<Candidate> admitted)
    {
        if (_search is null)
        {
            return;
        }

        lock (_gate)
        {
            EndDrafts(admitted.Select(candidate => candidate.Start.From).OfType<int>().ToHashSet(), round);
            _round = Start("round", _search.Context);
            _round?.SetTag(DiffusionMeshTelemetry.Round, round);
            foreach (var candidate in admitted)
            {
                _lineage.Add(candidate);
                if (Start("candidate", Current) is { } span)
                {
                    _candidates.Add(candidate.Number, Describe(span, candidate));
                }
            }
        }
    }

    /// <summary>Tells of a line of the ledger that the journal has.</summary>
    public void SegmentPaid(Segment segment, SampledSegment sampled, bool recalled)
    {
        var cost = SegmentCost.Of(sampled, segment.Candidate is null ? SegmentCost.Final : SegmentCost.Search, recalled);
        SearchMetrics.Paid(cost);
        lock (_gate)
        {
            Find(segment.Candidate)?.Paid(cost);
        }
    }

    /// <summary>Tells of evaluations that were lost, once the journal has them.</summary>
    public void NfeWasted(long nfe)
    {
        var cost = new SegmentCost(SegmentCost.Wasted, nfe, Recalled: 0, Rows: 0);
        SearchMetrics.Paid(cost);
        if (_search is not null)
        {
            SearchSpans.Segment(Current, cost);
        }
    }

    public void CandidateFinished(Candidate candidate)
    {
        lock (_gate)
        {
            if (_candidates.GetValueOrDefault(candidate.Number) is not { } span)
            {
                return;
            }

            span.Finish(candidate);
            if (!span.IsDraft || !span.IsScored)
            {
                _candidates.Remove(candidate.Number);
                span.End();
            }
        }
    }

    /// <param name="hacking">Null if nothing was held out or judged.</param>
    public void RoundFinished(HackingRound? hacking)
    {
        if (hacking is not null)
        {
            _round?.SetTag(DiffusionMeshTelemetry.HackingGap, hacking.Gap);
            _round?.SetTag(DiffusionMeshTelemetry.HackingWarning, hacking.Warning);
        }

        lock (_gate)
        {
            _round?.Dispose();
            _round = null;
        }
    }

    public void Ended(SearchResult result)
    {
        foreach (var degradation in result.Degradations)
        {
            _search?.AddEvent(new ActivityEvent("degraded", tags: new() { [DiffusionMeshTelemetry.Degradation] = _privacy.Hide(degradation) }));
        }

        if (_final is not null && result.Best is [var best, ..])
        {
            foreach (var (verifier, outcome) in best.Scores)
            {
                _final.Answered(verifier, outcome);
            }
        }

        _search?.SetTag(DiffusionMeshTelemetry.StopReason, result.StopReason.ToString());
        if (result.Error is { } error)
        {
            _search?.SetStatus(ActivityStatusCode.Error, error);
        }
    }

    public void Dispose()
    {
        RoundFinished(hacking: null);
        lock (_gate)
        {
            EndDrafts(goneOnFrom: [], round: null);
            _final?.End();
            _final = null;
        }

        _search?.Dispose();
    }

    private Activity? Start(string name, ActivityContext parent)
    {
        var span = SearchSpans.Start(name, parent);
        span?.SetTag(DiffusionMeshTelemetry.SearchId, _id);
        span?.Hide(_privacy.Hide);
        return span;
    }

    private Activity? StartCall(string name, int?[] candidates, Action<CandidateSpan, Activity> sent)
    {
        if (_search is null)
        {
            return null;
        }

        lock (_gate)
        {
            CandidateSpan[] spans = [.. candidates.Select(Find).OfType<CandidateSpan>()];
            var parent = candidates.Contains(null) && _final is not null ? _final.Context : Current;
            var call = DiffusionMeshTelemetry.Source.StartActivity(
                name, ActivityKind.Internal, parent, links: spans.Select(span => new ActivityLink(span.Context)));
            if (call is not null)
            {
                call.SetTag(DiffusionMeshTelemetry.SearchId, _id);
                call.Hide(_privacy.Hide);
                call.SetTag(DiffusionMeshTelemetry.BatchSize, candidates.Length);
                Array.ForEach(spans, span => sent(span, call));
            }

            return call;
        }
    }

    // The final run is no candidate, and has a span of its own.
    private CandidateSpan? Find(int? candidate) => candidate is { } number
        ? _candidates.GetValueOrDefault(number)
        : _final ??= _search is not null && Start("final", _search.Context) is { } span ? new CandidateSpan(span) : null;

    private CandidateSpan Describe(Activity span, Candidate candidate)
    {
        span.SetTag(DiffusionMeshTelemetry.Candidate, SearchResultMapping.CandidateId(candidate.Number));
        span.SetTag(DiffusionMeshTelemetry.Lineage, _lineage.Of(candidate.Number));
        span.SetTag(DiffusionMeshTelemetry.Nfe, 0L);
        return new CandidateSpan(span) { IsDraft = !candidate.IsFinished };
    }

    private void EndDrafts(HashSet<int> goneOnFrom, int? round)
    {
        foreach (var (number, span) in _candidates)
        {
            if (!goneOnFrom.Contains(number))
            {
                span.Tag(
                    DiffusionMeshTelemetry.PrunedBecause,
                    round is null ? "the search ended" : FormattableString.Invariant($"round {round} went on from others"));
            }

            span.End();
        }

        _candidates.Clear();
    }
}
