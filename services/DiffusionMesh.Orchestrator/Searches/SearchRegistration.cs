using DiffusionMesh.Orchestrator.Telemetry;

namespace DiffusionMesh.Orchestrator.Searches;

internal static class SearchRegistration
{
    /// <summary>Adds what creates, runs and shows searches.</summary>
    public static void AddSearches(this IServiceCollection services, OrchestratorOptions options)
    {
        services.AddSingleton<RunningSearches>();
        services.AddSingleton<SearchPorts>();
        services.AddSingleton<SearchServices>();
        services.AddSingleton<SearchRun>();
        services.AddSingleton<SearchViews>();
        services.AddSingleton<SearchWatch>();
        services.AddSingleton<SearchImages>();
        services.AddSingleton<SearchAdmission>();
        services.AddSingleton<SearchCreation>();
        services.AddSingleton<SearchCancellation>();
        services.AddSingleton<SearchResumption>();
        services.AddHostedService<SearchReadiness>();
        services.AddHostedService<QueueDepth>();
        services.AddHostedService<SearchShutdown>();

        // Beside what a host takes anyway.
        services.Configure<HostOptions>(host =>
            host.ShutdownTimeout += TimeSpan.FromSeconds(options.ShutdownSeconds) + TimeSpan.FromSeconds(options.CancelGraceSeconds));
    }
}
