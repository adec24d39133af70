using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>One search in files. Safe for concurrent use.</summary>
internal sealed class RunFolder
{
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly JournalFile _journal;
    private volatile BlobFiles _blobs;
    private RunState _state;
    private long _epoch;
    private string _orchestrator = "";
    private RunLog? _log;
    private volatile bool _isDeleted;

    private RunFolder(string path, SearchHeader header, RunState state, JournalFile journal, TimeProvider time)
    {
        (_path, Header, _state, _journal, _time) = (path, header, state, journal, time);
        _blobs = new BlobFiles(path);
        _epoch = journal.Tail.Epoch;
    }

    public SearchHeader Header { get; }

    public long Sequence => _state.Sequence;

    public StoredSearch Stored
    {
        get
        {
            var (state, tail, epoch) = (_state, _journal.Tail, Interlocked.Read(ref _epoch));
            return new StoredSearch(
                Header,
                state.Sequence,
                epoch,
                state.Charges[^1].Place,
                tail.IsAdmission && epoch == tail.Epoch,
                tail.End?.Time,
                state.CancelRequested,
                tail.Number,
                state.ImagesDropped);
        }
    }

    /// <summary>What it takes of what its tenant may have, each time that it was created or reopened.</summary>
    public IEnumerable<Charge> Charges => _state.Settled(_journal.Tail.End);

    public BlobFiles Blobs => _blobs;

    public bool IsDeleted => _isDeleted;

    /// <summary>Makes the folder of a new search. It is durable once the folder around it is.</summary>
    public static RunFolder Create(string path, SearchHeader header, long sequence, Charge charge, TimeProvider time)
    {
        var state = new RunState(sequence, CancelRequested: false, [charge]);
        var beside = RunFolders.BesideOf(path);
        Directory.CreateDirectory(beside);
        DurableFiles.Write(
        [
            (Path.Combine(beside, "search.json"), [], StateFiles.ToJson(header)),
            (Path.Combine(beside, "state.json"), [], state.ToJson()),
            (JournalFile.PathIn(beside), [], ReadOnlyMemory<byte>.Empty),
        ]);
        DurableFiles.FlushFolder(beside);
        Directory.Move(beside, path);
        return new RunFolder(path, header, state, JournalFile.Create(path), time);
    }

    /// <exception cref="SearchDamagedException">A file cannot be read.</exception>
    public static RunFolder Open(string path, TimeProvider time)
    {
        var (header, state) = (StateFiles.ReadHeader(path), StateFiles.ReadState(path));
        var folder = new RunFolder(path, header, state, JournalFile.Open(path), time);
        if (state.ImagesDropped)
        {
            // What a crash left of them.
            folder._blobs.Delete();
        }

        return folder;
    }

    /// <summary>What it holds or has spent of its tenant's quota of a day.</summary>
    public long NfeOn(DateOnly day) => Charges.Sum(charge => charge.Day == day ? charge.Nfe : 0);

    /// <summary>Begins to write, in place of whoever did so far.</summary>
    public RunLog Take(string orchestrator)
    {
        lock (_gate)
        {
            ThrowIfDeleted();
            // Not on the disk before an entry tells it: the lock of the folder keeps other processes out.
            Interlocked.Increment(ref _epoch);
            _orchestrator = orchestrator;
            _log?.Lose();
            // What was written before may be gone by now.
            _blobs = new BlobFiles(_path);
            return _log = RunLog.Begin(this, Try(_journal.OpenToAppend), _epoch, _state.CancelRequested);
        }
    }

    /// <summary>Makes a group of entries durable.</summary>
    /// <exception cref="SearchLostException">Somebody else has taken the search on, or it was deleted.</exception>
    public void Write(RunLog log, IReadOnlyList<PendingAppend> group)
    {
        lock (_gate)
        {
            ThrowIfDeleted();
            if (log != _log)
            {
                throw new SearchLostException($"search {Header.Id} was taken on again, by {_orchestrator}");
            }

            Try(() => _blobs.Write(group.SelectMany(append => append.Images), group.SelectMany(append => append.Latents)));
            Try(() => _journal.Append(log.Journal, log.Epoch, _time.GetUtcNow(), [.. group.Select(append => append.Entry)]));
        }
    }

    /// <summary>Notes that a log will write nothing more.</summary>
    public void Close(RunLog log)
    {
        lock (_gate)
        {
            if (_log == log)
            {
                // The names of all that it wrote are of no more use.
                (_log, _blobs) = (null, new BlobFiles(_path));
            }
        }
    }

    /// <param name="readmit">Is told what it will not pay again, in NFE; gives it its new place.</param>
    public void Reopen(DateOnly day, Func<long, Admission> readmit)
    {
        lock (_gate)
        {
            ThrowIfDeleted();
            if (_journal.Tail.End is not { } end || _state.ImagesDropped)
            {
                return;
            }

            var admission = readmit(end.NfeKept);
            var charge = new Charge(day, admission.Nfe, Math.Max(_state.Charges[^1].Before, end.NfeTotal), admission.Place, admission.Finish);
            Put(_state with { CancelRequested = false, Charges = [.. _state.Settled(end), charge] });
            using var journal = Try(_journal.OpenToAppend);
            Try(() => _journal.Append(
                journal, _epoch, _time.GetUtcNow(), [new JournalEntry { Reopened = new Reopened() }]));
        }
    }

    public void RequestCancel()
    {
        // Before it is durable, and while something is being written: what is under way costs.
        Volatile.Read(ref _log)?.Cancel();
        lock (_gate)
        {
            ThrowIfDeleted();
            Put(_state with { CancelRequested = true });
            _log?.Cancel();
        }
    }

    /// <summary>Deletes images and states, if the search has ended.</summary>
    public void DropImages()
    {
        lock (_gate)
        {
            if (_isDeleted || _journal.Tail.End is null)
            {
                return;
            }

            // Known to be gone before they are: none may count as altered.
            Put(_state with { ImagesDropped = true });
            Try(_blobs.Delete);
        }
    }

    /// <summary>Moves the folder of a search that has ended to where it can be deleted.</summary>
    /// <returns>False if it has not ended, or was moved before.</returns>
    public bool TryMoveTo(string trash)
    {
        lock (_gate)
        {
            if (_isDeleted || _journal.Tail.End is null)
            {
                return false;
            }

            Try(() => Directory.Move(_path, trash));
            _isDeleted = true;
            _log?.Lose();
            _log = null;
            _journal.Delete();
            return true;
        }
    }

    /// <summary>The entries after one, as they are now.</summary>
    public IReadOnlyList<JournalEntry> Read(long after) => _journal.Read(after);

    /// <summary>The entries after one, those to come included, until the search is deleted.</summary>
    public IAsyncEnumerable<JournalEntry> FollowAsync(long after, CancellationToken cancellationToken) => _journal.FollowAsync(after, cancellationToken);

    private void Put(RunState state)
    {
        Try(() =>
        {
            DurableFiles.Replace(Path.Combine(_path, "state.json"), state.ToJson());
            DurableFiles.FlushFolder(_path);
        });
        _state = state;
    }

    private void Try(Action write) => Try(() =>
    {
        write();
        return true;
    });

    private T Try<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"search {Header.Id} cannot be written to {_path}: {e.Message}. What was written before is kept; make room or mend the disk, then resume it",
                e);
        }
    }

    private void ThrowIfDeleted()
    {
        if (_isDeleted)
        {
            throw new SearchLostException($"search {Header.Id} was deleted");
        }
    }
}
