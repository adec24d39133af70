using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Start-time fair queueing (Goyal, Vin and Cheng, 1996) over tenants and priorities: of what orchestrators can do each
/// gets a part by its weight, whatever the others ask for.
/// </summary>
internal static class FairPlace
{
    // So many units an evaluation at weight 1: weights divide it without loss worth speaking of.
    private const long UnitsPerNfe = 16;

    /// <summary>The start tag S = max(v, F), in units of service.</summary>
    /// <param name="search">The one that comes; its budget counts as its length.</param>
    /// <param name="unfinished">Those before it, with their places.</param>
    /// <param name="share">Of a tenant among the others.</param>
    public static long Of(SearchHeader search, IReadOnlyList<StoredSearch> unfinished, Func<string, double> share)
    {
        var waiting = unfinished.Where(other => other.Epoch == 0).Select(other => other.Header.Place).ToArray();
        var running = unfinished.Where(other => other.Epoch > 0).Select(other => other.Header.Place);

        // v: the start tag of what is taken on next; while nothing waits, of what was taken on last.
        var v = waiting.Length > 0 ? waiting.Min() : running.DefaultIfEmpty().Max();

        // F: where the last one of the same tenant and priority ends.
        var f = unfinished
            .Where(other => other.Header.Tenant == search.Tenant && other.Header.Spec.Priority == search.Spec.Priority)
            .Select(other => other.Header.Place + Length(other.Header, share))
            .DefaultIfEmpty()
            .Max();
        return Math.Max(v, f);
    }

    private static long Length(SearchHeader search, Func<string, double> share)
    {
        var weight = share(search.Tenant) * search.Spec.Priority switch
        {
            Priority.High => 16,
            Priority.Low => 1,
            _ => 4,
        };
        return (long)Math.Ceiling(UnitsPerNfe * search.Spec.BudgetNfe / weight);
    }
}
