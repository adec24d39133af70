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

    /// <summary>Counts a search as running until it is disposed of.</summary>
    public static IDisposable Running(string algorithm)
    {
        var tag = new KeyValuePair<string, object?>("diffusionmesh.algorithm", algorithm);
        RunningSearches.Add(1, tag);
        return new End(() => RunningSearches.Add(-1, tag));
    }

    public static void Ended(SearchResult result)
    {
        EndedSearches.Add(1, new KeyValuePair<string, object?>("diffusionmesh.stop_reason", result.StopReason.ToString()));
        PaidNfe.Add(result.Ledger.NfeSearch, Purpose("search"));
        PaidNfe.Add(result.Ledger.NfeFinal, Purpose("final"));
        PaidNfe.Add(result.Ledger.NfeWasted, Purpose("wasted"));
    }

    private static KeyValuePair<string, object?> Purpose(string purpose) => new("diffusionmesh.nfe_purpose", purpose);

    private sealed class End(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
