using System.Net;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.Orchestrator.Mesh.Calling;

namespace DiffusionMesh.Orchestrator.Mesh;

internal static class MeshRegistration
{
    /// <summary>Adds the ways to denoisers and verifiers.</summary>
    public static void AddMesh(this IServiceCollection services)
    {
        services.AddSingleton<NameLookUp>(Dns.GetHostAddressesAsync);
        services.AddSingleton<MeshChannels>();
        services.AddSingleton<VerifierAddresses>();
        services.AddSingleton<CallPolicies>();
        services.AddSingleton<DenoiserMesh>();
        services.AddSingleton<VerifierMesh>();
    }
}
