using System.Net;
using DiffusionMesh.Orchestrator.Mesh.Balancing;

namespace DiffusionMesh.Orchestrator.Mesh;

internal static class MeshRegistration
{
    /// <summary>Adds the ways to denoisers and verifiers.</summary>
    public static void AddMesh(this IServiceCollection services)
    {
        services.AddOptions<MeshOptions>().BindConfiguration(MeshOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<NameLookUp>(Dns.GetHostAddressesAsync);
        services.AddSingleton<MeshChannels>();
        services.AddSingleton<VerifierAddresses>();
        services.AddSingleton<CallPolicy>();
        services.AddSingleton<DenoiserMesh>();
        services.AddSingleton<VerifierMesh>();
    }
}
