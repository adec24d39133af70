using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Start-time fair queueing (Goyal, Vin and Cheng, 1996) over tenants and priorities: of what orchestrators can do each
/// gets a part by its weight, whatever the others ask for. A search waits at its start tag S = max(v, F), where v is the start
/// tag of what is taken on next and F is where the last one of the same tenant and priority ends: S + its length.
/// </summary>
internal static class FairPlace
{
    // So many units an evaluation at weight 1: weights divide it without loss worth speaking of.
    private const long UnitsPerNfe = 16;

    /// <summary>The length of a search in units of service: its budget by its weight.</summary>
    /// <param name="share">Of its tenant among the others.</param>
    public static long Length(SearchSpec spec, double share)
    {
        var weight = share * spec.Priority switch
        {
            Priority.High => 16,
            Priority.Low => 1,
            _ => 4,
        };
        return (long)Math.Ceiling(UnitsPerNfe * spec.BudgetNfe / weight);
    }
}
