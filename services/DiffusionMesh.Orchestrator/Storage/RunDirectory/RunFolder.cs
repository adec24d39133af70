using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Win32.SafeHandles;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>One search in files. Safe for concurrent use.</summary>
internal sealed class RunFolder
{
    private const int ReadAtOnce = 256;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly JournalMarks _marks = new();
    private volatile BlobFiles _blobs;
    private RunState _state;
    private RunLog? _log;
    private volatile Tail _tail;
    private volatile bool _isDeleted;

    private RunFolder(string path, SearchHeader header, RunState state, JournalEntry? last, long start, long end, TimeProvider time)
    {
        (_path, Header, _state, _time) = (path, header, state, time);
        _blobs = new BlobFiles(path);
        _tail = new Tail(last?.Number ?? 0, last?.Epoch ?? 0, start, end, EndTime(last), Spent(last));
    }

    public SearchHeader Header { get; }

    public long Sequence => _state.Sequence;

    public StoredSearch Stored =>
        new(Header, _state.Sequence, _state.Epoch, _state.Orchestrator, _tail.EndTime, _state.CancelRequested, _tail.Number, _state.ImagesDropped);

    /// <summary>The earliest place of the next search of its tenant and priority.</summary>
    public long Finish => _state.Finish;

    public BlobFiles Blobs => _blobs;

    public bool IsDeleted => _isDeleted;

    private string JournalPath => Path.Combine(_path, "journal.jsonl");

    /// <summary>Makes the folder of a new search. It is durable once the folder around it is.</summary>
    public static RunFolder Create(string path, SearchHeader header, long sequence, long finish, NfeCharge charge, TimeProvider time)
    {
        var state = new RunState(sequence, Epoch: 0, Orchestrator: "", CancelRequested: false, finish, [charge]);
        var beside = Path.Combine(Path.GetDirectoryName(path)!, RunDirectoryStorage.NewPrefix + Path.GetFileName(path));
        Directory.CreateDirectory(beside);
        DurableFiles.Replace(Path.Combine(beside, "search.json"), System.Text.Encoding.UTF8.GetBytes(Indented.Format(header) + "\n"));
        DurableFiles.Replace(Path.Combine(beside, "state.json"), state.ToJson());
        DurableFiles.FlushFolder(beside);
        Directory.Move(beside, path);
        return new RunFolder(path, header, state, last: null, start: 0, end: 0, time);
    }

    /// <exception cref="StorageException">A file cannot be read.</exception>
    public static RunFolder Open(string path, TimeProvider time)
    {
        var header = Parse(Path.Combine(path, "search.json"), JsonParser.Default.Parse<SearchHeader>);
        var state = Parse(Path.Combine(path, "state.json"), RunState.Parse);
        var (last, start, end) = JournalLines.ReadLast(Path.Combine(path, "journal.jsonl"));
        return new RunFolder(path, header, state, last, start, end, time);
    }

    /// <summary>What it holds or has spent of its tenant's quota of a day.</summary>
    public long NfeOn(DateOnly day)
    {
        var (charges, tail) = (_state.Charges ?? [], _tail);
        return charges.Select((charge, i) => charge.Day != day ? 0 : i == charges.Count - 1 && tail.EndTime is not null ? charge.Spent(tail.Nfe) : charge.Nfe).Sum();
    }

    /// <summary>Begins to write, in place of whoever did so far.</summary>
    public RunLog Take(string orchestrator)
    {
        lock (_gate)
        {
            ThrowIfDeleted();
            Put(_state with { Epoch = Math.Max(_state.Epoch, _tail.Epoch) + 1, Orchestrator = orchestrator });
            _log?.Lose();
            // What was written before may be gone by now.
            _blobs = new BlobFiles(_path);
            return _log = RunLog.Begin(this, OpenJournal(), _state.Epoch, _state.CancelRequested);
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
                throw new SearchLostException($"search {Header.Id} was taken on again, by {_state.Orchestrator}");
            }

            Try(() => _blobs.Write(group.SelectMany(append => append.Images), group.SelectMany(append => append.Latents)));
            Append(log.Journal, log.Epoch, [.. group.Select(append => append.Entry)]);
        }
    }

    /// <summary>Notes that a log will write nothing more.</summary>
    public void Close(RunLog log)
    {
        lock (_gate)
        {
            _log = _log == log ? null : _log;
        }
    }

    /// <param name="readmit">Given what it has spent, says what it is to hold of its tenant's quota of a day.</param>
    public void Reopen(DateOnly day, Func<long, long> readmit)
    {
        lock (_gate)
        {
            ThrowIfDeleted();
            if (_tail.EndTime is null)
            {
                return;
            }

            var charges = (_state.Charges ?? []).ToList();
            if (charges is [.., var last])
            {
                charges[^1] = last with { Nfe = last.Spent(_tail.Nfe) };
            }

            charges.Add(new NfeCharge(day, readmit(_tail.Nfe), _tail.Nfe));
            Put(_state with { CancelRequested = false, Charges = charges });
            using var journal = OpenJournal();
            Append(journal, Math.Max(_state.Epoch, _tail.Epoch), [new JournalEntry { Reopened = new Reopened() }]);
        }
    }

    public void RequestCancel()
    {
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
            if (_isDeleted || _tail.EndTime is null)
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
            if (_isDeleted || _tail.EndTime is null)
            {
                return false;
            }

            Try(() => Directory.Move(_path, trash));
            _isDeleted = true;
            _log?.Lose();
            _log = null;
            Exchange(_tail);
            return true;
        }
    }

    /// <summary>The entries after one, as they are now.</summary>
    public IReadOnlyList<JournalEntry> Read(long after)
    {
        var tail = _tail;
        var entries = new List<JournalEntry>();
        for (var chunk = ReadSome(after, tail); chunk.Count > 0; chunk = ReadSome(chunk[^1].Number, tail))
        {
            entries.AddRange(chunk);
        }

        return entries;
    }

    /// <summary>The entries after one, those to come included, until the search is deleted.</summary>
    public async IAsyncEnumerable<JournalEntry> FollowAsync(long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (!_isDeleted)
        {
            var tail = _tail;
            var chunk = ReadSome(after, tail);
            foreach (var entry in chunk)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return entry;
                after = entry.Number;
            }

            if (chunk.Count == 0)
            {
                await tail.Changed.WaitAsync(cancellationToken);
            }
        }
    }

    private static readonly JsonFormatter Indented = new(JsonFormatter.Settings.Default.WithIndentation());

    private static DateTimeOffset? EndTime(JournalEntry? last) =>
        last is { EntryCase: JournalEntry.EntryOneofCase.Event, Event.EventCase: WatchSearchResponse.EventOneofCase.SearchFinished }
            ? last.Time.ToDateTimeOffset()
            : null;

    // In NFE, by the end of the search; 0 if it has not ended.
    private static long Spent(JournalEntry? last) => EndTime(last) is null ? 0 : last!.Event.SearchFinished.Ledger?.NfeTotal ?? 0;

    private static T Parse<T>(string path, Func<string, T> parse)
    {
        try
        {
            return parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or InvalidProtocolBufferException or FormatException or System.Text.Json.JsonException)
        {
            throw new SearchDamagedException(
                $"{path} cannot be read ({e.Message}). Restore the file from a copy, or delete the search's folder to give it up", e);
        }
    }

    private List<JournalEntry> ReadSome(long after, Tail tail)
    {
        var entries = new List<JournalEntry>();
        if (after >= tail.Number)
        {
            return entries;
        }

        var (number, position) = after == tail.Number - 1 ? (tail.Number, tail.LastStart) : _marks.Before(after + 1);
        try
        {
            foreach (var (entry, end) in JournalLines.Read(JournalPath, position, number, tail.Position, after))
            {
                entries.Add(entry);
                _marks.Note(entry.Number + 1, end);
                if (entries.Count == ReadAtOnce)
                {
                    break;
                }
            }
        }
        catch (IOException) when (_isDeleted)
        {
            entries.Clear();
        }

        return entries;
    }

    private SafeFileHandle OpenJournal()
    {
        SafeFileHandle? journal = null;
        Try(() =>
        {
            var isNew = !File.Exists(JournalPath);
            journal = File.OpenHandle(JournalPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (isNew)
            {
                DurableFiles.FlushFolder(_path);
            }

            if (RandomAccess.GetLength(journal) > _tail.Position)
            {
                RandomAccess.SetLength(journal, _tail.Position);
                RandomAccess.FlushToDisk(journal);
            }
        });
        return journal!;
    }

    private void Append(SafeFileHandle journal, long epoch, IReadOnlyList<JournalEntry> entries)
    {
        var tail = _tail;
        var now = Timestamp.FromDateTimeOffset(_time.GetUtcNow());
        var lines = new List<ReadOnlyMemory<byte>>(entries.Count);
        var (number, position) = (tail.Number, tail.Position);
        foreach (var entry in entries)
        {
            (entry.Number, entry.Epoch, entry.Time) = (++number, epoch, now);
            _marks.Note(number, position);
            lines.Add(JournalLines.ToLine(entry));
            position += lines[^1].Length;
        }

        try
        {
            Try(() =>
            {
                RandomAccess.Write(journal, lines, tail.Position);
                RandomAccess.FlushToDisk(journal);
            });
        }
        catch (StorageException)
        {
            Cut(journal, tail.Position);
            throw;
        }

        Exchange(new Tail(number, epoch, position - lines[^1].Length, position, EndTime(entries[^1]), Spent(entries[^1])));
    }

    // What is left of lines that could not be written would be cut later anyway.
    private static void Cut(SafeFileHandle journal, long position)
    {
        try
        {
            RandomAccess.SetLength(journal, position);
        }
        catch (IOException)
        {
        }
    }

    private void Put(RunState state)
    {
        Try(() =>
        {
            DurableFiles.Replace(Path.Combine(_path, "state.json"), state.ToJson());
            DurableFiles.FlushFolder(_path);
        });
        _state = state;
    }

    private void Exchange(Tail tail)
    {
        var before = _tail;
        _tail = tail with { };
        before.Signal();
    }

    private void Try(Action write)
    {
        try
        {
            write();
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

    // Where the journal ends: what comes before is durable.
    private sealed record Tail(long Number, long Epoch, long LastStart, long Position, DateTimeOffset? EndTime, long Nfe)
    {
        private readonly TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Changed => _changed.Task;

        public void Signal() => _changed.TrySetResult();
    }
}
