using System.Diagnostics.Metrics;
using DiffusionMesh.ServiceDefaults.Telemetry;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>Metrics of scoring, by verifier.</summary>
internal static class ScoringMetrics
{
    private const string Outcome = "diffusionmesh.outcome";

    private static readonly Counter<long> Candidates = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        "diffusionmesh.verifier.candidates", "{candidate}", "Candidates answered, by outcome: SCORED or the reason of the error.");

    private static readonly Histogram<double> Scores = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "diffusionmesh.verifier.score", "1", "Scores given.");

    private static readonly Histogram<double> Duration = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "diffusionmesh.verifier.batch.duration", "s", "Time to score the candidates of one call, waiting excluded.");

    private static readonly Histogram<int> BatchSize = DiffusionMeshTelemetry.Meter.CreateHistogram<int>(
        "diffusionmesh.verifier.batch.size", "{candidate}", "Candidates scored together.");

    public static void Record(string verifier, IEnumerable<ScoreOutcome> outcomes)
    {
        var name = KeyValuePair.Create<string, object?>(DiffusionMeshTelemetry.Verifier, verifier);
        foreach (var outcome in outcomes)
        {
            Candidates.Add(1, name, new(Outcome, outcome is ScoreOutcome.Error error ? error.Reason : "SCORED"));
            if (outcome is ScoreOutcome.Value value)
            {
                Scores.Record(value.Score, name);
            }
        }
    }

    public static void RecordDuration(string verifier, int candidates, TimeSpan elapsed)
    {
        var name = KeyValuePair.Create<string, object?>(DiffusionMeshTelemetry.Verifier, verifier);
        BatchSize.Record(candidates, name);
        Duration.Record(elapsed.TotalSeconds, name);
    }
}
