using DiffusionMesh.Tests;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Balancing;

/// <summary>A fact that needs several loopback addresses.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopbackFactAttribute : FactAttribute
{
    public LoopbackFactAttribute() => Skip = OutsideCi.Skip(OperatingSystem.IsMacOS(), "this system has 127.0.0.1 alone");
}
