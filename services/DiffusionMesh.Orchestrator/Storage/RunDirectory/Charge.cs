namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>What a search takes of what its tenant may have, from its creation or reopening to its end.</summary>
/// <param name="Nfe">What it holds of the quota of a day, UTC, until it ends; then what it has spent, at most what it held.</param>
/// <param name="Before">What it had spent when it was reopened.</param>
/// <param name="Place">Where it waits.</param>
/// <param name="Finish">Where the service that it had ends, as if it spends all that it holds until it has ended; 0 if it had none.</param>
internal sealed record Charge(DateOnly Day, long Nfe, long Before, long Place, long Finish)
{
    /// <summary>What it came to.</summary>
    /// <param name="total">What the search has spent when it ends, with what it had spent before.</param>
    public Charge Settled(long total)
    {
        var spent = Math.Clamp(total - Before, 0, Nfe);
        return this with { Nfe = spent, Finish = spent == 0 ? 0 : Place + (long)((Int128)(Finish - Place) * spent / Nfe) };
    }
}
