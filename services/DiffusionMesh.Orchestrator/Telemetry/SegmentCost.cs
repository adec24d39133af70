namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>A line of the ledger, as a span carries it.</summary>
/// <param name="Purpose">What it was spent on: search, final or wasted.</param>
/// <param name="Nfe">Denoiser evaluations paid by this run of the search.</param>
/// <param name="Recalled">Denoiser evaluations that an earlier run paid and the journal kept.</param>
/// <param name="Rows">Network rows paid by this run.</param>
internal readonly record struct SegmentCost(string Purpose, long Nfe, long Recalled, long Rows)
{
    public const string Search = "search";
    public const string Final = "final";
    public const string Wasted = "wasted";

    public static SegmentCost Of(DiffusionMesh.Search.Ports.SampledSegment sampled, string purpose, bool recalled) => recalled
        ? new(purpose, 0, sampled.Nfe, 0)
        : new(purpose, sampled.Nfe, 0, sampled.NetworkRows);
}
