namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Ends running searches when the host stops: what they paid is kept in their last event.</summary>
internal sealed class SearchShutdown(SearchStore store) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before the server stops taking calls: watchers see the end of their search.
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        var running = store.Running;
        foreach (var entry in running)
        {
            entry.Stop.Cancel();
        }

        return Task.WhenAll(running.Select(entry => entry.Record.Ended)).WaitAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
