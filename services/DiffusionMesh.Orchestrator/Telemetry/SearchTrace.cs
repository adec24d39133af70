using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Guarding;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>
/// Spans of a search: one for itself, one for each round, one for each candidate. NFE stand on the spans of candidates
/// alone, so that these sum to the ledger's search NFE.
/// </summary>
internal sealed class SearchTrace : IDisposable
{
    private readonly Activity? _search;
    private readonly Dictionary<int, Activity> _candidates = [];
    private Activity? _round;

    public SearchTrace(string id, SearchSpec spec, ActivityContext creator)
    {
        _search = Start("search", creator);
        _search?.SetTag(DiffusionMeshTelemetry.SearchId, id);
        _search?.SetTag(DiffusionMeshTelemetry.Model, spec.Model);
    }

    /// <summary>What a call that is made now belongs to.</summary>
    public ActivityContext Current => (_round ?? _search)?.Context ?? default;

    public void RoundStarted(int round, IReadOnlyList<Candidate> admitted)
    {
        _round = Start("round", Context(_search));
        _round?.SetTag(DiffusionMeshTelemetry.Round, round);
        foreach (var candidate in admitted)
        {
            if (Start("candidate", Current) is { } span)
            {
                span.SetTag(DiffusionMeshTelemetry.Candidate, SearchResultMapping.CandidateId(candidate.Number));
                span.SetTag(DiffusionMeshTelemetry.Nfe, 0L);
                _candidates.Add(candidate.Number, span);
            }
        }
    }

    public void CandidateSampled(Candidate candidate)
    {
        if (_candidates.TryGetValue(candidate.Number, out var span))
        {
            span.SetTag(DiffusionMeshTelemetry.Nfe, candidate.Nfe);
        }
    }

    public void CandidateFinished(Candidate candidate)
    {
        if (!_candidates.Remove(candidate.Number, out var span))
        {
            return;
        }

        foreach (var (verifier, outcome) in candidate.Scores)
        {
            if (outcome is ScoreOutcome.Value(var score))
            {
                span.SetTag($"{DiffusionMeshTelemetry.Score}.{verifier}", score);
            }
        }

        if (candidate.State == CandidateState.Unscored)
        {
            span.SetStatus(ActivityStatusCode.Error, "not scored");
        }

        span.Dispose();
    }

    /// <param name="hacking">Null if nothing was held out or judged.</param>
    public void RoundFinished(HackingRound? hacking)
    {
        EndCandidates();
        if (hacking is not null)
        {
            _round?.SetTag(DiffusionMeshTelemetry.HackingGap, hacking.Gap);
            _round?.SetTag(DiffusionMeshTelemetry.HackingWarning, hacking.Warning);
        }

        _round?.Dispose();
        _round = null;
    }

    public void Ended(SearchResult result)
    {
        foreach (var degradation in result.Degradations)
        {
            _search?.AddEvent(new ActivityEvent("degraded", tags: new() { [DiffusionMeshTelemetry.Degradation] = degradation }));
        }

        if (result.Error is { } error)
        {
            _search?.SetStatus(ActivityStatusCode.Error, error);
        }
    }

    public void Dispose()
    {
        RoundFinished(hacking: null);
        _search?.Dispose();
    }

    private static ActivityContext Context(Activity? activity) => activity?.Context ?? default;

    // Spans of a search cross threads: none becomes the current one of the thread that happens to begin it.
    private static Activity? Start(string name, ActivityContext parent)
    {
        var current = Activity.Current;
        var started = DiffusionMeshTelemetry.Source.StartActivity(name, ActivityKind.Internal, parent);
        Activity.Current = current;
        return started;
    }

    private void EndCandidates()
    {
        foreach (var span in _candidates.Values)
        {
            span.Dispose();
        }

        _candidates.Clear();
    }
}
