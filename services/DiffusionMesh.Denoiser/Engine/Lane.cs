namespace DiffusionMesh.Denoiser.Engine;

/// <summary>How urgent a call is, the most urgent first.</summary>
internal enum Lane
{
    High,
    Normal,
    Low,
}

/// <summary>
/// What lanes get of the rows while all of them have enough to do: 16 to 4 to 1. An urgent call that fits into a tick is
/// in the next one; no lane ever starves.
/// </summary>
internal static class Lanes
{
    private static readonly string[] Names = ["high", "normal", "low"];

    public static ReadOnlySpan<Lane> All => [Lane.High, Lane.Normal, Lane.Low];

    public static int Share(Lane lane) => 16 >> (2 * (int)lane);

    /// <summary>What a row costs a lane: the inverse of its share.</summary>
    public static long RowCost(Lane lane) => 1 << (2 * (int)lane);

    public static string Name(Lane lane) => Names[(int)lane];
}
