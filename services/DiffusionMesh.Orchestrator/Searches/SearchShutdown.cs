using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.ServiceDefaults.Health;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Leaves running searches when the host stops: what they paid is kept, and another orchestrator goes on with them, or this
/// one at its next start.
/// </summary>
internal sealed class SearchShutdown(
    RunningSearches running, SearchQueue queue, ServiceHealth health, IOptions<OrchestratorOptions> options) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before the server stops taking calls: watchers see all that happens until then, and are told to go on elsewhere.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (running.Left.IsCancellationRequested)
        {
            return;
        }

        health.Set(SearchService.Descriptor.FullName, false);
        health.Set(ServiceHealth.Server, false);
        await queue.CloseAsync(cancellationToken);
        await running.LeaveAsync(TimeSpan.FromSeconds(options.Value.ShutdownSeconds), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
