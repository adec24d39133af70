namespace DiffusionMesh.Orchestrator.Replay;

internal static class ReplayRegistration
{
    /// <summary>Adds what runs searches again and scores their images anew.</summary>
    public static void AddReplay(this IServiceCollection services)
    {
        services.AddSingleton<ReplayOriginals>();
        services.AddSingleton<SearchReplay>();
        services.AddSingleton<RescoringVerifiers>();
        services.AddSingleton<Rescoring>();
    }
}
