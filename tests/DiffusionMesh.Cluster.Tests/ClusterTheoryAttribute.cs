namespace DiffusionMesh.Cluster.Tests;

/// <summary>Tests that need what <see cref="ClusterFactAttribute"/> does.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterTheoryAttribute : TheoryAttribute
{
    public ClusterTheoryAttribute() => Skip = Machine.Skip;
}
