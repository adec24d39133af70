namespace DiffusionMesh.Cluster.Tests;

/// <summary>A test that needs network namespaces, PostgreSQL and a compiler.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = Machine.Skip;
}
