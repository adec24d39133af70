using DiffusionMesh.Orchestrator.Storage.Postgres;
using Quartz;

namespace DiffusionMesh.Orchestrator.Searches;

internal static class SearchQueueRegistration
{
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(3);

    // Most time that a queued search waits for an orchestrator with room that did not create it.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds the scheduler of searches: in memory for one orchestrator, in PostgreSQL for several, where each goes on with the
    /// searches of those that no longer check in.
    /// </summary>
    public static void AddSearchQueue(this IServiceCollection services, OrchestratorOptions options)
    {
        var clock = new DatabaseClock();
        services.AddSingleton(clock);
        services.AddSingleton<TimeProvider>(clock);
        services.AddQuartz(quartz =>
        {
            quartz.UseDefaultThreadPool(options.MaxRunningSearches);
            if (options.Database.Length == 0)
            {
                quartz.UseInMemoryStore();
                return;
            }

            // Its instance id, unset, is one of its own: with the same one several would not notice each other's end.
            quartz.ConfigureScheduler(scheduler => scheduler.IdleWaitTime = Look);
            quartz.UseTimeProvider(clock);
            quartz.UsePersistentStore(store =>
            {
                store.UsePostgres(DatabaseConnection.StringOf(options.Database));
                store.UseSystemTextJsonSerializer();
                store.ConfigureStore(settings => settings.StoreJobDataAsStrings = true);
                store.UseClustering(cluster =>
                {
                    cluster.CheckinInterval = CheckIn;
                    cluster.CheckinMisfireThreshold = CheckIn;
                });
            });
        });
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
        services.AddSingleton<SearchQueue>();
        services.AddTransient<SearchJob>();
        services.AddHostedService<UnfinishedSweep>();
        if (options.Database.Length > 0)
        {
            services.AddHostedService<RecoverySweep>();
        }
    }
}
