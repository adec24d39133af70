using DiffusionMesh.Tests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>A theory that needs kubectl and PostgreSQL: skipped where one is missing, except in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlPostgresTheoryAttribute : TheoryAttribute
{
    public KubectlPostgresTheoryAttribute() => Skip = OutsideCi.Skip(KubectlFactAttribute.IsMissing, "kubectl is not installed") ?? PostgresServer.Skip;
}
