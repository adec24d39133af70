using DiffusionMesh.Tests;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>A fact over a file system of a size of its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() =>
        Skip = OutsideCi.Skip(!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess, "only root can mount a file system");
}
