using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>
/// Searches in files that a person can read, for one orchestrator: <c>searches/ID/</c> with search.json, state.json,
/// journal.jsonl, images and latents.
/// </summary>
internal sealed class RunDirectoryStorage : ISearchStorage, IDisposable
{
    private readonly string _root;
    private readonly TimeProvider _time;
    private readonly DirectoryLock _lock;
    private readonly Lock _creating = new();
    private readonly RunFolders _folders;
    private readonly DeletedSpending _deleted;
    private readonly List<string> _left = [];

    private RunDirectoryStorage(string directory, DirectoryLock held, TimeProvider time)
    {
        (_root, _lock, _time) = (Path.Combine(directory, "searches"), held, time);
        Directory.CreateDirectory(_root);
        DurableFiles.FlushFolder(directory);
        _deleted = new DeletedSpending(directory);
        _folders = RunFolders.Open(_root, time);
        foreach (var trash in RunFolders.TrashIn(_root))
        {
            FinishDeletion(trash);
        }
    }

    /// <summary>Searches that are not served, since they cannot be read or wait to be removed: file and remedy of each.</summary>
    public IReadOnlyCollection<string> Damaged => [.. _folders.Damaged, .. _left];

    /// <summary>Opens a data directory, made if there is none, and keeps others out of it.</summary>
    /// <exception cref="StorageException">Another orchestrator uses it, or it cannot be read or written.</exception>
    public static RunDirectoryStorage Open(string directory, TimeProvider time)
    {
        DirectoryLock? held = null;
        try
        {
            directory = Path.GetFullPath(directory);
            Directory.CreateDirectory(directory);
            held = DirectoryLock.Take(directory);
            return new RunDirectoryStorage(directory, held, time);
        }
        catch (Exception e)
        {
            held?.Dispose();
            if (e is StorageException || e is not (IOException or UnauthorizedAccessException))
            {
                throw;
            }

            throw new StorageException(
                $"{directory} cannot be used: {e.Message.TrimEnd('.')}. Choose a folder that can be written with Orchestrator:DataDirectory", e);
        }
    }

    public Task<StoredSearch> CreateAsync(
        SearchHeader header, Func<SearchHeader, TenantStanding, Admission> admit, CancellationToken cancellationToken) =>
        Task.Run(() => Create(header.Clone(), admit), cancellationToken);

    public Task<StoredSearch?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_folders.Find(id)?.Stored);

    public Task<StoredSearch?> FindByRequestIdAsync(string tenant, string requestId, CancellationToken cancellationToken) =>
        Task.FromResult(_folders.Find(tenant, requestId)?.Stored);

    public Task<IReadOnlyList<StoredSearch>> ListAsync(string? tenant, long? before, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredSearch>>(
        [
            .. _folders.All
                .Where(folder => (tenant is null || folder.Header.Tenant == tenant) && (before is null || folder.Sequence < before))
                .OrderByDescending(folder => folder.Sequence)
                .Take(count)
                .Select(folder => folder.Stored),
        ]);

    public Task<IReadOnlyList<(string Id, long Place)>> UnfinishedAsync(CancellationToken cancellationToken) => Task.FromResult(_folders.Unfinished());

    public Task<long> CountWaitingAsync(CancellationToken cancellationToken) => Task.FromResult(_folders.All.LongCount(folder => folder.Stored.IsWaiting));

    public Task<IReadOnlyList<(string Id, DateTimeOffset EndTime)>> EndedAsync(
        DateTimeOffset before, bool withImages, int count, CancellationToken cancellationToken) =>
        Task.FromResult(_folders.Ended(before, withImages, count));

    public Task<long> CountAsync(CancellationToken cancellationToken) => Task.FromResult((long)_folders.All.Count);

    public Task AloneAsync(Func<Task> work, CancellationToken cancellationToken) => work();

    public Task<ISearchLog> TakeAsync(string id, string orchestrator, CancellationToken cancellationToken) =>
        Task.Run<ISearchLog>(() => Folder(id).Take(orchestrator), cancellationToken);

    public Task<IReadOnlyList<JournalEntry>> ReadAsync(string id, long after, CancellationToken cancellationToken) =>
        Task.Run(() => _folders.Find(id)?.Read(after) ?? [], cancellationToken);

    public Task<IReadOnlyDictionary<string, JournalEntry>> ReadLastAsync(IReadOnlyList<StoredSearch> searches, CancellationToken cancellationToken) =>
        Task.Run<IReadOnlyDictionary<string, JournalEntry>>(
            () => searches
                .SelectMany(search => _folders.Find(search.Header.Id)?.Read(search.LastEntry - 1).Take(1).Select(entry => (search.Header.Id, entry)) ?? [])
                .ToDictionary(StringComparer.Ordinal),
            cancellationToken);

    public async IAsyncEnumerable<JournalEntry> FollowAsync(
        string id,
        long after,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_folders.Find(id) is { } folder)
        {
            await foreach (var entry in folder.FollowAsync(after, cancellationToken))
            {
                yield return entry;
            }
        }
    }

    public Task<SampleImage?> FindImageAsync(string id, StoredImage image, CancellationToken cancellationToken) =>
        Task.Run(() => _folders.Find(id)?.Blobs.Find(image), cancellationToken);

    public Task<LatentState?> FindLatentAsync(string id, StoredLatent latent, CancellationToken cancellationToken) =>
        Task.Run(() => _folders.Find(id)?.Blobs.Find(latent), cancellationToken);

    public Task RequestCancelAsync(string id, CancellationToken cancellationToken) => Task.Run(() => Folder(id).RequestCancel(), cancellationToken);

    public Task<StoredSearch> ReopenAsync(
        string id, Func<SearchHeader, long, TenantStanding, Admission> readmit, CancellationToken cancellationToken) =>
        Task.Run(() => Reopen(Folder(id), readmit), cancellationToken);

    public Task DropImagesAsync(string id, CancellationToken cancellationToken) =>
        Task.Run(() => _folders.Find(id)?.DropImages(), cancellationToken);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => Task.Run(() => Delete(id), cancellationToken);

    public void Dispose() => _lock.Dispose();

    private StoredSearch Create(SearchHeader header, Func<SearchHeader, TenantStanding, Admission> admit)
    {
        lock (_creating)
        {
            if (header.RequestId.Length > 0 && _folders.Find(header.Tenant, header.RequestId) is { } known)
            {
                return known.Stored;
            }

            var standing = Standing(header);
            var admission = admit(header, standing);
            var charge = new Charge(Day(standing.Now), admission.Nfe, Before: 0, admission.Place, admission.Finish);
            try
            {
                var folder = RunFolder.Create(Path.Combine(_root, header.Id), header, _folders.LastSequence + 1, charge, _time);
                DurableFiles.FlushFolder(_root);
                _folders.Add(folder);
                return folder.Stored;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StorageException($"a new search cannot be written to {_root}: {e.Message}. Make room or mend the disk", e);
            }
        }
    }

    private StoredSearch Reopen(RunFolder folder, Func<SearchHeader, long, TenantStanding, Admission> readmit)
    {
        lock (_creating)
        {
            var standing = Standing(folder.Header);
            folder.Reopen(Day(standing.Now), kept => readmit(folder.Header, kept, standing));
            return folder.Stored;
        }
    }

    private TenantStanding Standing(SearchHeader header)
    {
        var now = _time.GetUtcNow();
        return _folders.Standing(header, now, deleted: _deleted.NfeOn(Day(now), header.Tenant));
    }

    private static DateOnly Day(DateTimeOffset now) => DateOnly.FromDateTime(now.UtcDateTime);

    private bool Delete(string id)
    {
        if (_folders.Find(id) is not { } folder)
        {
            return true;
        }

        var trash = RunFolders.TrashOf(Path.Combine(_root, id));
        lock (_creating)
        {
            if (!folder.TryMoveTo(trash))
            {
                return folder.IsDeleted;
            }

            _folders.Remove(folder);
            try
            {
                DurableFiles.FlushFolder(_root);
                Count(folder);
            }
            catch (IOException)
            {
                // Perhaps for want of room, of which there is more then.
                RunFolders.RemoveTrash(trash);
                _deleted.Write();
                return true;
            }
        }

        RunFolders.RemoveTrash(trash);
        return true;
    }

    private void FinishDeletion(string trash)
    {
        try
        {
            Count(RunFolder.Open(trash, _time));
        }
        catch (SearchDamagedException)
        {
            // Nobody knows what it has spent.
        }

        try
        {
            RunFolders.RemoveTrash(trash);
        }
        catch (FolderLeftException left)
        {
            _left.Add(left.Message);
        }
    }

    private void Count(RunFolder deleted)
    {
        var today = Day(_time.GetUtcNow());
        if (deleted.NfeOn(today) is > 0 and var nfe)
        {
            _deleted.Count(today, deleted.Header.Tenant, nfe, deleted.Header.Id, id => Directory.Exists(RunFolders.TrashOf(Path.Combine(_root, id))));
        }
    }

    private RunFolder Folder(string id) =>
        _folders.Find(id) ?? throw new KeyNotFoundException($"there is no search '{id}'");
}
