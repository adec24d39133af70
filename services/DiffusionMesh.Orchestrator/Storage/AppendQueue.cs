using System.Threading.Channels;
using DiffusionMesh.Orchestrator.Telemetry;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>
/// Groups appends to one journal: what came while a group was written makes the next. After a failure nothing is written
/// any more, so that no entry follows one that is missing; nor after the end of the search, so that it stays the last entry.
/// </summary>
internal sealed class AppendQueue : IAsyncDisposable
{
    private const int MaxGroup = 512;
    private const long MaxGroupBlobBytes = 64L << 20;

    private readonly Channel<PendingAppend> _waiting = Channel.CreateUnbounded<PendingAppend>(new() { SingleReader = true });
    private readonly Func<IReadOnlyList<PendingAppend>, Task> _write;
    private readonly Task _writing;
    private Exception? _broken;

    /// <param name="write">Makes a group durable, all of it or none.</param>
    public AppendQueue(Func<IReadOnlyList<PendingAppend>, Task> write)
    {
        _write = write;
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Takes its place in the journal at once; the task ends when it is durable.</summary>
    public Task AppendAsync(PendingAppend append)
    {
        ObjectDisposedException.ThrowIf(!_waiting.Writer.TryWrite(append), this);
        return append.Written;
    }

    /// <summary>Writes what is waiting.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        var group = new List<PendingAppend>();
        while (await _waiting.Reader.WaitToReadAsync())
        {
            long bytes = 0;
            while (group is not [.., { EndsSearch: true }]
                && group.Count < MaxGroup && bytes < MaxGroupBlobBytes && _waiting.Reader.TryRead(out var append))
            {
                group.Add(append);
                bytes += append.BlobBytes;
            }

            await WriteAsync(group);
            group.Clear();
        }
    }

    private async Task WriteAsync(List<PendingAppend> group)
    {
        try
        {
            if (_broken is null)
            {
                await _write(group);
                JournalMetrics.Wrote(group.Count);
            }
        }
        catch (Exception failure)
        {
            // Whoever appends is told.
            _broken = failure;
        }

        foreach (var append in group)
        {
            if (_broken is null)
            {
                append.Succeeded();
            }
            else
            {
                append.Failed(_broken);
            }
        }

        if (group[^1].EndsSearch)
        {
            _broken ??= new SearchLostException("the search has ended: nothing is written to its journal any more");
        }
    }
}
