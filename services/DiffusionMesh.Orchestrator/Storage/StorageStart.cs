using DiffusionMesh.Orchestrator.Storage.Postgres;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>Lets a host whose storage cannot be used fail at its start.</summary>
internal sealed class StorageStart(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        services.GetRequiredService<ISearchStorage>() is PostgresStorage database ? database.StartAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
