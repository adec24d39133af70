using DiffusionMesh.Tests;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>A fact that stops a process by a signal.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SignalFactAttribute : FactAttribute
{
    public SignalFactAttribute() => Skip = OutsideCi.Skip(OperatingSystem.IsWindows(), "this system has no SIGSTOP");
}
