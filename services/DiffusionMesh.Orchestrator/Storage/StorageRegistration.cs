using DiffusionMesh.Orchestrator.Storage.Postgres;
using DiffusionMesh.Orchestrator.Storage.RunDirectory;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Storage;

internal static class StorageRegistration
{
    /// <summary>Adds where searches are kept, as the options say. It is opened when the host starts.</summary>
    public static void AddSearchStorage(this IServiceCollection services)
    {
        services.AddSingleton<ISearchStorage>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<OrchestratorOptions>>().Value;
            var time = provider.GetRequiredService<TimeProvider>();
            return string.IsNullOrWhiteSpace(options.Database)
                ? RunDirectoryStorage.Open(options.DataDirectory, time)
                : new PostgresStorage(
                    options.Database,
                    TimeSpan.FromSeconds(options.DatabasePatienceSeconds),
                    time,
                    provider.GetRequiredService<DatabaseClock>(),
                    provider.GetRequiredService<ILogger<PostgresStorage>>());
        });
        services.AddHostedService<StorageStart>();
        services.AddGrpc().AddServiceOptions<SearchEndpoint>(grpc => grpc.Interceptors.Add<StorageFailures>());
        services.AddHostedService<RetentionSweep>();
    }
}
