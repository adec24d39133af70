namespace DiffusionMesh.Cluster.Tests.Cluster;

/// <summary>Tests that share one cluster, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<RunningCluster>
{
    public const string Name = "cluster";
}
