using DiffusionMesh.Orchestrator.Storage.RunDirectory;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Storage;

internal static class StorageRegistration
{
    /// <summary>Adds where searches are kept, as the options say. It is opened when the host starts.</summary>
    public static void AddSearchStorage(this IServiceCollection services)
    {
        services.AddSingleton<ISearchStorage>(provider => RunDirectoryStorage.Open(
            provider.GetRequiredService<IOptions<OrchestratorOptions>>().Value.DataDirectory,
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<StorageStart>();
    }
}
