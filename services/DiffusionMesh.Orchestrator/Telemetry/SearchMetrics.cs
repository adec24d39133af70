using System.Diagnostics.Metrics;
using DiffusionMesh.Search;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>How many searches run, how they end and what they cost.</summary>
internal static class SearchMetrics
{
    private static readonly UpDownCounter<int> RunningSearches = DiffusionMeshTelemetry.Meter.CreateUpDownCounter<int>(
        "diffusionmesh.search.running", "{search}", "Searches that are running.");

    private static readonly Counter<long> EndedSearches = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        "diffusionmesh.search.ended", "{search}", "Searches that ended, by the reason.");

    private static readonly Counter<long> PaidNfe = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        "diffusionmesh.search.nfe", "{evaluation}", "Denoiser evaluations, by what they were spent on.");

    private static readonly Counter<long> DegradedSearches = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        "diffusionmesh.search.degraded", "{search}", "Searches that went on without a verifier, or with a replaced one.");

    private static readonly Counter<long> HackingWarnings = DiffusionMeshTelemetry.Meter.CreateCounter<long>(
        "diffusionmesh.search.hacking_warnings", "{round}", "Rounds in which the searched score rose and the held-out one fell.");

    /// <summary>Counts a search as running until it is disposed of.</summary>
    public static IDisposable Running(string algorithm)
    {
        var tag = new KeyValuePair<string, object?>(DiffusionMeshTelemetry.Algorithm, algorithm);
        RunningSearches.Add(1, tag);
        return new End(() => RunningSearches.Add(-1, tag));
    }

    public static void Ended(SearchResult result)
    {
        EndedSearches.Add(1, new KeyValuePair<string, object?>(DiffusionMeshTelemetry.StopReason, result.StopReason.ToString()));
        DegradedSearches.Add(result.Degradations.IsEmpty ? 0 : 1);
        HackingWarnings.Add(result.Hacking.Count(round => round.Warning));
    }

    /// <summary>Counts a line of the ledger, once the journal has it.</summary>
    public static void Paid(SegmentCost cost) =>
        PaidNfe.Add(cost.Nfe, new KeyValuePair<string, object?>(DiffusionMeshTelemetry.NfePurpose, cost.Purpose));

    private sealed class End(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
