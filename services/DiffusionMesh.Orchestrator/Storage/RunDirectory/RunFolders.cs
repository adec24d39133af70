using System.Collections.Concurrent;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>The searches of a data directory, by what they are looked up by. Safe for concurrent use; one adds at a time.</summary>
internal sealed class RunFolders
{
    // Begins the names of folders that are not whole yet.
    private const string NewPrefix = ".new-";

    // Begins the names of folders that are to be deleted.
    private const string TrashPrefix = ".deleted-";

    private readonly ConcurrentDictionary<string, RunFolder> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string RequestId), RunFolder> _byRequestId = new();

    private readonly Dictionary<string, string> _damaged = new(StringComparer.Ordinal);

    // Where the service ends that deleted searches have had. A restart forgets it: it counts for hours at most.
    private readonly Dictionary<(string Tenant, Priority Priority), long> _served = [];

    /// <summary>All that can be read, in no order.</summary>
    public ICollection<RunFolder> All => _byId.Values;

    /// <summary>Why the others cannot be read: file and remedy of each.</summary>
    public IReadOnlyCollection<string> Damaged => _damaged.Values;

    /// <summary>The highest sequence number so far; 0 if there was none.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Finds what a folder holds, and deletes what a crash left half made.</summary>
    public static RunFolders Open(string root, TimeProvider time)
    {
        var folders = new RunFolders();
        foreach (var path in Directory.EnumerateDirectories(root))
        {
            if (Path.GetFileName(path).StartsWith(NewPrefix, StringComparison.Ordinal))
            {
                Directory.Delete(path, recursive: true);
            }
            else if (!Path.GetFileName(path).StartsWith(TrashPrefix, StringComparison.Ordinal) && File.Exists(Path.Combine(path, "search.json")))
            {
                folders.TryAdd(path, time);
            }
        }

        return folders;
    }

    /// <summary>Where the folder of a search is made before it is whole.</summary>
    public static string BesideOf(string path) => Path.Combine(Path.GetDirectoryName(path)!, NewPrefix + Path.GetFileName(path));

    /// <summary>The folders that a crash kept from being deleted.</summary>
    public static string[] TrashIn(string root) => Directory.GetDirectories(root, $"{TrashPrefix}*");

    /// <summary>Where the folder of a search goes to be deleted.</summary>
    public static string TrashOf(string path) => Path.Combine(Path.GetDirectoryName(path)!, TrashPrefix + Path.GetFileName(path));

    /// <summary>Removes the folder of a search that is deleted.</summary>
    /// <exception cref="FolderLeftException">It cannot be removed, or not whole.</exception>
    public static void RemoveTrash(string trash)
    {
        try
        {
            Directory.Delete(trash, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FolderLeftException(
                $"search {Path.GetFileName(trash)[TrashPrefix.Length..]} is deleted, but its folder {trash} cannot be removed: {e.Message.TrimEnd('.')}. "
                    + "Mend that and remove the folder, or have the orchestrator do so when it starts next",
                e);
        }
    }

    /// <returns>Null if there is none.</returns>
    /// <exception cref="SearchDamagedException">There is one, and it could not be read.</exception>
    public RunFolder? Find(string id) => _damaged.TryGetValue(id, out var problem) ? throw new SearchDamagedException(problem) : _byId.GetValueOrDefault(id);

    /// <returns>Null if the tenant has none with this request id.</returns>
    public RunFolder? Find(string tenant, string requestId) => _byRequestId.GetValueOrDefault((tenant, requestId));

    /// <summary>Those that have not ended, oldest first, and where each waits.</summary>
    public IReadOnlyList<(string Id, long Place)> Unfinished() =>
    [
        .. All.Select(folder => folder.Stored)
            .Where(stored => !stored.HasEnded)
            .OrderBy(stored => stored.Sequence)
            .Select(stored => (stored.Header.Id, stored.Place)),
    ];

    /// <summary>Those that ended before a time, those that ended first first.</summary>
    /// <param name="withImages">Only those whose images are kept.</param>
    public IReadOnlyList<(string Id, DateTimeOffset EndTime)> Ended(DateTimeOffset before, bool withImages, int count) =>
    [
        .. All.Select(folder => folder.Stored)
            .Where(stored => stored.EndTime < before && !(withImages && stored.ImagesDropped))
            .OrderBy(stored => stored.EndTime)
            .Take(count)
            .Select(stored => (stored.Header.Id, stored.EndTime!.Value)),
    ];

    public void Add(RunFolder folder)
    {
        _byId[folder.Header.Id] = folder;
        if (folder.Header.RequestId.Length > 0)
        {
            _byRequestId[(folder.Header.Tenant, folder.Header.RequestId)] = folder;
        }

        LastSequence = Math.Max(LastSequence, folder.Sequence);
    }

    public void Remove(RunFolder folder)
    {
        _byId.TryRemove(folder.Header.Id, out _);
        _byRequestId.TryRemove(new((folder.Header.Tenant, folder.Header.RequestId), folder));
        var flow = Flow(folder.Header);
        _served[flow] = Math.Max(_served.GetValueOrDefault(flow), Finish(folder));
    }

    /// <summary>How the tenant of a search stands.</summary>
    /// <param name="deleted">NFE of today that its deleted searches spent.</param>
    public TenantStanding Standing(SearchHeader header, DateTimeOffset now, long deleted)
    {
        var (today, flow) = (DateOnly.FromDateTime(now.UtcDateTime), Flow(header));
        var (waiting, next, nfe) = (0, (long?)null, deleted);
        var (last, finish) = (_served.Values.DefaultIfEmpty().Max(), _served.GetValueOrDefault(flow));
        foreach (var folder in _byId.Values)
        {
            var (other, isSame) = (folder.Stored, folder.Header.Tenant == header.Tenant);
            nfe += isSame ? folder.NfeOn(today) : 0;
            var ends = Finish(folder);
            last = Math.Max(last, other.HasEnded ? ends : other.Place);
            finish = Math.Max(finish, Flow(folder.Header) == flow ? ends : 0);
            if (other.IsWaiting)
            {
                waiting += isSame ? 1 : 0;
                next = Math.Min(next ?? long.MaxValue, other.Place);
            }
        }

        return new TenantStanding(waiting, next ?? last, finish, nfe, now);
    }

    private static (string Tenant, Priority Priority) Flow(SearchHeader header) => (header.Tenant, header.Spec.Priority);

    private static long Finish(RunFolder folder) => folder.Charges.Max(charge => charge.Finish);

    // One that is damaged must not keep the others from being served.
    private void TryAdd(string path, TimeProvider time)
    {
        try
        {
            Add(RunFolder.Open(path, time));
        }
        catch (SearchDamagedException damage)
        {
            _damaged.Add(Path.GetFileName(path), damage.Message);
        }
    }
}
