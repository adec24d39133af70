using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.ServiceDefaults.Health;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Reports the host ready as soon as it listens; denoisers and verifiers may come and go.</summary>
internal sealed class SearchReadiness(ServiceHealth health, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() =>
        {
            health.Set(SearchService.Descriptor.FullName, true);
            health.Set(ServiceHealth.Server, true);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
