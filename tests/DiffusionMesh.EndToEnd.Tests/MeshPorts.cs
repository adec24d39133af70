using DiffusionMesh.Tests;

namespace DiffusionMesh.EndToEnd.Tests;

/// <summary>Ports for <c>dmesh up</c>.</summary>
internal static class MeshPorts
{
    /// <summary>Orchestrator, denoiser and six verifiers.</summary>
    public const int Count = 8;

    /// <summary>The first of as many neighbouring ports, not in use, as the services take: others with every call.</summary>
    public static int Free() => FreePorts.Take(Count);
}
