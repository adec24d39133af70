using System.Diagnostics;
using DiffusionMesh.Search;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>The span of a candidate, and the calls that were made for it and are not told of yet.</summary>
internal sealed class CandidateSpan(Activity activity)
{
    private readonly Dictionary<string, Activity> _scoring = new(StringComparer.Ordinal);
    private Activity? _sampling;

    public ActivityContext Context => activity.Context;

    /// <summary>Whether others may go on from it: then it stays open until it is seen whether they do.</summary>
    public bool IsDraft { get; init; }

    public bool IsScored { get; private set; }

    public void Tag(string name, object? value) => activity.SetTag(name, value);

    /// <param name="call">That samples its segment.</param>
    public void SentTo(Activity call) => _sampling = call;

    /// <param name="call">That has it scored.</param>
    public void SentTo(string verifier, Activity call) => _scoring[verifier] = call;

    /// <summary>Tells of its segment, which the journal has: a line of the ledger.</summary>
    public void Paid(SegmentCost cost)
    {
        activity.SetTag(DiffusionMeshTelemetry.Nfe, cost.Nfe);
        SearchSpans.Segment(Context, cost, _sampling);
    }

    public void Finish(Candidate candidate)
    {
        IsScored = candidate.State == CandidateState.Scored;
        foreach (var (verifier, outcome) in candidate.Scores)
        {
            Answered(verifier, outcome);
        }

        if (!IsScored)
        {
            activity.SetStatus(ActivityStatusCode.Error, "not scored");
            activity.SetTag(DiffusionMeshTelemetry.PrunedBecause, "not scored by a verifier that it needs");
        }
    }

    public void Answered(string verifier, ScoreOutcome outcome)
    {
        var call = _scoring.GetValueOrDefault(verifier);
        using var verdict = call is null ? null : SearchSpans.Start("verdict", Context, call);
        verdict?.SetTag(DiffusionMeshTelemetry.Verifier, verifier);
        verdict?.HideAs(activity);
        switch (outcome)
        {
            case ScoreOutcome.Value(var score):
                verdict?.SetTag(DiffusionMeshTelemetry.Score, score);
                activity.SetTag($"{DiffusionMeshTelemetry.Score}.{verifier}", score);
                break;

            case ScoreOutcome.Missing(var reason):
                verdict?.SetStatus(ActivityStatusCode.Error, reason);
                break;
        }
    }

    public void End() => activity.Dispose();
}
