using System.Diagnostics.Metrics;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>What an engine reports: how much waits, how full ticks are and how long they take.</summary>
internal sealed class EngineMetrics(string model)
{
    private static readonly UpDownCounter<int> Queue = DiffusionMeshTelemetry.Meter.CreateUpDownCounter<int>(
        DiffusionMeshTelemetry.DenoiserQueueDepth, "{trajectory}", "Trajectories that were accepted and are not finished, by priority.");

    private static readonly Histogram<int> Rows = DiffusionMeshTelemetry.Meter.CreateHistogram<int>(
        "diffusionmesh.denoiser.tick.rows", "{row}", "Network rows in one evaluation.");

    private static readonly Histogram<double> Duration = DiffusionMeshTelemetry.Meter.CreateHistogram<double>(
        "diffusionmesh.denoiser.tick.duration", "s", "Duration of one tick, the evaluation and the solvers' steps.");

    private static readonly Counter<long> Nfe = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        "diffusionmesh.denoiser.nfe", "{evaluation}", "Evaluations of the denoiser, counted by trajectory.");

    private readonly KeyValuePair<string, object?> _model = new(DiffusionMeshTelemetry.Model, model);

    private readonly KeyValuePair<string, object?>[] _lanes =
        [.. Lanes.All.ToArray().Select(lane => new KeyValuePair<string, object?>(DiffusionMeshTelemetry.Priority, Lanes.Name(lane)))];

    public void Unfinished(Lane lane, int change) => Queue.Add(change, _model, _lanes[(int)lane]);

    public void Evaluated(int nfe, int rows)
    {
        Nfe.Add(nfe, _model);
        Rows.Record(rows, _model);
    }

    public void TickTook(TimeSpan elapsed) => Duration.Record(elapsed.TotalSeconds, _model);
}
