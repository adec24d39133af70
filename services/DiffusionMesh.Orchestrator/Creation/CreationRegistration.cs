namespace DiffusionMesh.Orchestrator.Creation;

internal static class CreationRegistration
{
    /// <summary>Adds what checks specifications.</summary>
    public static void AddCreation(this IServiceCollection services)
    {
        services.AddSingleton<VerifierRules>();
        services.AddSingleton<MeshChecks>();
        services.AddSingleton<SpecResolver>();
    }
}
