using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>Lets a host whose storage cannot be used fail at its start, and names searches that cannot be read.</summary>
internal sealed partial class StorageStart(IServiceProvider services, ILogger<StorageStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        switch (services.GetRequiredService<ISearchStorage>())
        {
            case PostgresStorage database:
                await database.StartAsync(cancellationToken);
                break;
            case RunDirectoryStorage directory:
                foreach (var problem in directory.Damaged)
                {
                    LogDamaged(logger, problem);
                }

                break;
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventName = "SearchDamaged", Level = LogLevel.Error, Message = "A search is not served: {Problem}")]
    private static partial void LogDamaged(ILogger logger, string problem);
}
