using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>
/// Where searches outlive the process: a run directory for one orchestrator, PostgreSQL for several. What a call has
/// returned from is durable. Safe for concurrent use. Any call may throw <see cref="StorageException"/>.
/// </summary>
internal interface ISearchStorage
{
    /// <summary>Keeps a new search. No other of its tenant is created or reopened meanwhile, by any orchestrator.</summary>
    /// <param name="admit">Gives it its place, or refuses it by what it throws. May be asked more than once.</param>
    /// <returns>It; or the one that the tenant has created with the same request id before.</returns>
    Task<StoredSearch> CreateAsync(SearchHeader header, Func<SearchHeader, TenantStanding, Admission> admit, CancellationToken cancellationToken);

    /// <returns>Null if there is no such search. Anything but an identifier that was given out is simply not found.</returns>
    Task<StoredSearch?> FindAsync(string id, CancellationToken cancellationToken);

    /// <returns>Null if the tenant has no search with this request id.</returns>
    Task<StoredSearch?> FindByRequestIdAsync(string tenant, string requestId, CancellationToken cancellationToken);

    /// <summary>Searches created before a sequence number, newest first.</summary>
    /// <param name="tenant">Null for those of all tenants.</param>
    /// <param name="before">Null for the newest of all.</param>
    /// <param name="count">Most of them; fewer, but one if there is one, where they are large: ask again from the last.</param>
    Task<IReadOnlyList<StoredSearch>> ListAsync(string? tenant, long? before, int count, CancellationToken cancellationToken);

    /// <summary>Searches that have not ended, oldest first, and where each of them waits.</summary>
    Task<IReadOnlyList<(string Id, long Place)>> UnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>How many searches nobody has taken on since they were created or reopened.</summary>
    Task<long> CountWaitingAsync(CancellationToken cancellationToken);

    /// <summary>Searches that ended before a time, those that ended first first.</summary>
    /// <param name="withImages">Only those whose images are kept.</param>
    Task<IReadOnlyList<(string Id, DateTimeOffset EndTime)>> EndedAsync(DateTimeOffset before, bool withImages, int count, CancellationToken cancellationToken);

    /// <summary>How many searches are kept.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);

    /// <summary>Does what one orchestrator at a time is to do. Does nothing if another is at it.</summary>
    Task AloneAsync(Func<Task> work, CancellationToken cancellationToken);

    /// <summary>Begins to write to a search's journal. From now on nobody else can.</summary>
    /// <param name="orchestrator">Who it is, for people.</param>
    /// <exception cref="KeyNotFoundException">There is no such search.</exception>
    Task<ISearchLog> TakeAsync(string id, string orchestrator, CancellationToken cancellationToken);

    /// <summary>The entries with a higher number, as they are now.</summary>
    Task<IReadOnlyList<JournalEntry>> ReadAsync(string id, long after, CancellationToken cancellationToken);

    /// <summary>The last entry of each search as it was found, by its identifier; none of those that are gone.</summary>
    Task<IReadOnlyDictionary<string, JournalEntry>> ReadLastAsync(IReadOnlyList<StoredSearch> searches, CancellationToken cancellationToken);

    /// <summary>
    /// The entries with a higher number, then every further one as it is written, until the reader stops or the search is
    /// deleted.
    /// </summary>
    IAsyncEnumerable<JournalEntry> FollowAsync(string id, long after, CancellationToken cancellationToken);

    /// <summary>The image that a journal names. Null if it is not kept (any more).</summary>
    Task<DiffusionMesh.Search.SampleImage?> FindImageAsync(string id, StoredImage image, CancellationToken cancellationToken);

    /// <summary>The state that a journal names. Null if it is not kept (any more).</summary>
    Task<DiffusionMesh.Search.LatentState?> FindLatentAsync(string id, StoredLatent latent, CancellationToken cancellationToken);

    /// <summary>Notes that a user wants a search to end: whoever runs it sees it at once, whoever takes it on sees it then.</summary>
    Task RequestCancelAsync(string id, CancellationToken cancellationToken);

    /// <summary>
    /// Takes back what <see cref="RequestCancelAsync"/> noted and lets a search that has ended go on: it is unfinished again,
    /// and its journal says that stops and interruptions so far no longer hold. Nothing happens to one that has not
    /// ended, or whose images are no longer kept.
    /// </summary>
    /// <param name="readmit">Is told what it will not pay again, in NFE; gives it a new place, or refuses it by what it throws.</param>
    /// <returns>It, as it is then.</returns>
    Task<StoredSearch> ReopenAsync(
        string id, Func<SearchHeader, long, TenantStanding, Admission> readmit, CancellationToken cancellationToken);

    /// <summary>Deletes the images and states of a search that has ended. Does nothing if it goes on, or if there is none.</summary>
    Task DropImagesAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes a search that has ended, and all that it kept. Does nothing if there is none.</summary>
    /// <returns>False if it has not ended.</returns>
    /// <exception cref="FolderLeftException">It is deleted, but takes its room still.</exception>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken);
}

/// <summary>A search that is kept.</summary>
/// <param name="Sequence">Grows with each search that is created.</param>
/// <param name="Epoch">How often it was taken on.</param>
/// <param name="Place">Where it waits, as <see cref="Admission.Place"/>.</param>
/// <param name="IsWaiting">Whether nobody has taken it on since it was created or reopened.</param>
/// <param name="EndTime">When it ended: the time of its last entry, if that is its end; else null.</param>
/// <param name="CancelRequested">Whether its user wants it to end.</param>
/// <param name="LastEntry">Number of the last entry of its journal; 0 if it has none.</param>
/// <param name="ImagesDropped">Whether its images and states are no longer kept.</param>
internal sealed record StoredSearch(
    SearchHeader Header,
    long Sequence,
    long Epoch,
    long Place,
    bool IsWaiting,
    DateTimeOffset? EndTime,
    bool CancelRequested,
    long LastEntry,
    bool ImagesDropped)
{
    public bool HasEnded => EndTime is not null;
}

/// <summary>
/// The one writer of a search's journal. Entries get their number, epoch and time here, in the order of the calls; those
/// of concurrent calls are made durable together. Once a call has failed all further ones do: take the search on anew.
/// </summary>
internal interface ISearchLog : IAsyncDisposable
{
    long Epoch { get; }

    /// <summary>Fires once another has taken the search on: nothing can be written any more.</summary>
    CancellationToken Lost { get; }

    /// <summary>Fires once the search's user wants it to end.</summary>
    CancellationToken CancelRequested { get; }

    /// <summary>
    /// Appends an entry, together with the images and latents that it names. Durable once it returns. The search has ended
    /// with the event that says so.
    /// </summary>
    /// <exception cref="SearchLostException">Another has taken the search on, or it has ended or was deleted.</exception>
    /// <exception cref="StorageException">It could not be written.</exception>
    Task AppendAsync(
        JournalEntry entry,
        IReadOnlyList<DiffusionMesh.Search.SampleImage> images,
        IReadOnlyList<DiffusionMesh.Search.LatentState> latents);
}

/// <summary>Nothing can be written any more: another orchestrator has the search, or it has ended. The message is for users.</summary>
internal sealed class SearchLostException(string message) : Exception(message);

/// <summary>What is kept cannot be read or written. The message names what, why and the remedy.</summary>
internal class StorageException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>What is kept of a search is not what was written; to try again does not help.</summary>
internal sealed class SearchDamagedException(string message, Exception? inner = null) : StorageException(message, inner);

/// <summary>A search is deleted, and the folder that held it cannot be removed; to try again does not help.</summary>
internal sealed class FolderLeftException(string message, Exception inner) : StorageException(message, inner);
