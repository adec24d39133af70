using DiffusionMesh.Tests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>A theory that needs kubectl: skipped where it is missing, except in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute() => Skip = OutsideCi.Skip(KubectlFactAttribute.IsMissing, "kubectl is not installed");
}
