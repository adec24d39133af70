namespace DiffusionMesh.Orchestrator.Searches;

internal static class SearchRegistration
{
    /// <summary>Adds what runs and keeps searches.</summary>
    public static void AddSearches(this IServiceCollection services)
    {
        services.AddSingleton<SearchStore>();
        services.AddSingleton<SearchLauncher>();
        services.AddSingleton<SearchCreation>();
        services.AddHostedService<SearchReadiness>();
        services.AddHostedService<SearchShutdown>();
    }
}
