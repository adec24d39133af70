namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>How a tenant stands while one of its searches is created or reopened; no other of its own is meanwhile.</summary>
/// <param name="Waiting">Its searches that nobody has taken on yet.</param>
/// <param name="NextPlace">The place of what is taken on next, of all tenants; while nothing waits, of what was taken on last.</param>
/// <param name="LastFinish">Where the last unfinished search of the tenant and the priority ends, as <see cref="Admission.Finish"/>.</param>
/// <param name="NfeToday">What the tenant's searches hold or have spent of the quota of this day, UTC.</param>
/// <param name="Now">By the clock that the days of quotas are counted by.</param>
internal sealed record TenantStanding(int Waiting, long NextPlace, long LastFinish, long NfeToday, DateTimeOffset Now);

/// <summary>What a search gets when it is created.</summary>
/// <param name="Place">Where it waits: the lower the sooner.</param>
/// <param name="Finish">The earliest place of the next one of its tenant and priority.</param>
/// <param name="Nfe">What it holds of its tenant's quota until it ends.</param>
internal sealed record Admission(long Place, long Finish, long Nfe);

/// <summary>What a search takes of its tenant's quota of a day, UTC.</summary>
/// <param name="Nfe">What it holds until it ends; then what it has spent, at most what it held.</param>
/// <param name="Before">What it had spent when it was reopened.</param>
internal sealed record NfeCharge(DateOnly Day, long Nfe, long Before)
{
    /// <summary>What was spent of it.</summary>
    /// <param name="total">What the search has spent when it ends, with what it had spent before.</param>
    public long Spent(long total) => Math.Clamp(total - Before, 0, Nfe);
}
