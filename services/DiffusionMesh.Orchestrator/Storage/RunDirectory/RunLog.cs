using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;
using Microsoft.Win32.SafeHandles;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>The one writer of a search's files.</summary>
internal sealed class RunLog : ISearchLog
{
    private readonly RunFolder _folder;
    private readonly AppendQueue _queue;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _cancel = new();

    private RunLog(RunFolder folder, SafeFileHandle journal, long epoch, bool cancelRequested)
    {
        (_folder, Journal, Epoch) = (folder, journal, epoch);
        _queue = new AppendQueue(group =>
        {
            folder.Write(this, group);
            return Task.CompletedTask;
        });
        if (cancelRequested)
        {
            _cancel.Cancel();
        }
    }

    public static RunLog Begin(RunFolder folder, SafeFileHandle journal, long epoch, bool cancelRequested) =>
        new(folder, journal, epoch, cancelRequested);

    public SafeFileHandle Journal { get; }

    public long Epoch { get; }

    public CancellationToken Lost => _lost.Token;

    public CancellationToken CancelRequested => _cancel.Token;

    public Task AppendAsync(JournalEntry entry, IReadOnlyList<SampleImage> images, IReadOnlyList<LatentState> latents) =>
        _queue.AppendAsync(new PendingAppend(entry, images, latents));

    public void Lose() => _ = _lost.CancelAsync();

    public void Cancel()
    {
        try
        {
            _ = _cancel.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // Nobody writes any more.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        _folder.Close(this);
        Journal.Dispose();
        _lost.Dispose();
        _cancel.Dispose();
    }
}
