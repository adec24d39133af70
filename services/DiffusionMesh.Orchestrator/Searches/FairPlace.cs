using DiffusionMesh.Contracts.DenoiserV1;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Start-time fair queueing (Goyal, Vin and Cheng, 1996) over tenants and priorities: of what orchestrators can do each
/// gets a part by its weight, whatever the others ask for. A search waits at its start tag S = max(v, F), where v is the start
/// tag of what is taken on next and F is where the last one of the same tenant and priority ends: S + its length. One that
/// has ended has the length of what it spent.
/// </summary>
internal static class FairPlace
{
    // So many units an evaluation at weight 1: weights divide it without loss worth speaking of.
    private const long UnitsPerNfe = 16;

    /// <summary>
    /// The last place there is, with which all further ones share it: a thousand years of a million evaluations a second, at weight 1.
    /// </summary>
    public const long Last = 500_000_000_000_000_000;

    /// <summary>The length of a search in units of service: what it may cost by its weight.</summary>
    /// <param name="share">Of its tenant among the others.</param>
    public static long Length(long nfe, Priority priority, double share)
    {
        var weight = share * priority switch
        {
            Priority.High => 16,
            Priority.Low => 1,
            _ => 4,
        };
        return (long)Math.Min(Last, Math.Ceiling((double)UnitsPerNfe * nfe / weight));
    }
}
