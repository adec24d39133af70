using DiffusionMesh.Tests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>A theory that needs kubectl and the schemas: skipped where one is missing, except in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SchemaTheoryAttribute : TheoryAttribute
{
    public SchemaTheoryAttribute() => Skip = OutsideCi.Skip(KubectlFactAttribute.IsMissing, "kubectl is not installed")
        ?? OutsideCi.Skip(Schemas.AreMissing, "the schemas are not installed (npm ci)");
}
