using System.Diagnostics.Metrics;
using DiffusionMesh.ServiceDefaults.Telemetry;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>Metrics of scoring, by verifier.</summary>
internal static class ScoringMetrics
{
    private const string Outcome = "diffusionmesh.outcome";
    private const string Network = "diffusionmesh.network";

    private static readonly Counter<long> Candidates = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        "diffusionmesh.verifier.candidates", "{candidate}", "Candidates answered, by outcome: SCORED or the reason of the error.");

    private static readonly Histogram<double> Scores = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "diffusionmesh.verifier.score", "1", "Scores given.");

    private static readonly Histogram<double> Duration = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "diffusionmesh.verifier.evaluation.duration", "s", "Time of one evaluation of a network.");

    private static readonly Histogram<int> Rows = DiffusionMeshTelemetry.Meter.CreateHistogram<int>(
        "diffusionmesh.verifier.evaluation.rows", "{row}", "Rows evaluated together, of one or several calls.");

    private static readonly UpDownCounter<int> Queue = DiffusionMeshTelemetry.Meter.CreateUpDownCounter<int>(
        DiffusionMeshTelemetry.VerifierQueueDepth, "{candidate}", "Candidates that were accepted and are not answered.");

    /// <summary>Counts candidates that were accepted, or, negative, answered.</summary>
    public static void Unfinished(string verifier, int change) =>
        Queue.Add(change, KeyValuePair.Create<string, object?>(DiffusionMeshTelemetry.Verifier, verifier));

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

    /// <param name="network">Role of the network, for example "image_encoder".</param>
    public static void RecordEvaluation(string network, int rows, TimeSpan elapsed)
    {
        var role = KeyValuePair.Create<string, object?>(Network, network);
        Rows.Record(rows, role);
        Duration.Record(elapsed.TotalSeconds, role);
    }
}
