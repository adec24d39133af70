namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>How a tenant stands while one of its searches is created or reopened; no other of its own is meanwhile.</summary>
/// <param name="Waiting">Its searches that nobody has taken on since they were created or reopened.</param>
/// <param name="NextPlace">
/// The place of what is taken on next, of all tenants; while nothing waits, the last one that was taken on, or where the
/// last service ended.
/// </param>
/// <param name="LastFinish">Where the service ends that searches of the tenant and the priority have had or will have.</param>
/// <param name="NfeToday">What the tenant's searches hold or have spent of the quota of this day, UTC.</param>
/// <param name="Now">By the clock that the days of quotas are counted by.</param>
internal sealed record TenantStanding(int Waiting, long NextPlace, long LastFinish, long NfeToday, DateTimeOffset Now);

/// <summary>What a search gets when it is created or reopened.</summary>
/// <param name="Place">Where it waits: the lower the sooner.</param>
/// <param name="Finish">The earliest place of the next one of its tenant and priority.</param>
/// <param name="Nfe">What it holds of its tenant's quota until it ends.</param>
internal sealed record Admission(long Place, long Finish, long Nfe);
