namespace DiffusionMesh.Feed.Tests.Feed;

/// <summary>With the switch on, published packages must take the place of every stand-in, in versions that fit together.</summary>
public sealed class UpstreamFeedTests
{
    private static string OwnProject => Surroundings.Projects.Single(path => path.EndsWith("Feed.Tests.csproj", StringComparison.Ordinal));

    public static TheoryData<string> Projects => [.. Surroundings.Projects];

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Project_OnTheUpstreamFeed_ReferencesNoStandIn(string project)
    {
        var evaluation = await Evaluation.OfAsync(Path.Combine(Surroundings.RepositoryRoot, project), upstreamFeed: true);

        Assert.DoesNotContain(evaluation.Projects, IsStandIn);
        Assert.All(evaluation.Packages, id => Assert.Contains(id, evaluation.Versions.Keys));
    }

    [Fact]
    public async Task Project_OnThePartialFeed_ReferencesAStandInForEveryMissingPackageItNames()
    {
        var evaluation = await Evaluation.OfAsync(Path.Combine(Surroundings.RepositoryRoot, OwnProject), upstreamFeed: false);

        Assert.Equal(
            evaluation.Packages.Intersect(Surroundings.StandIns).Order(),
            evaluation.Projects.Where(IsStandIn).Select(path => Path.GetFileNameWithoutExtension(path)).Order());
        Assert.Contains("Grpc.AspNetCore", evaluation.Packages);
    }

    [Fact]
    public async Task StandIns_OnTheUpstreamFeed_HaveACentralVersion()
    {
        var evaluation = await Evaluation.OfAsync(Path.Combine(Surroundings.RepositoryRoot, OwnProject), upstreamFeed: true);

        Assert.All(Surroundings.StandIns, id => Assert.NotNull(evaluation.Versions.GetValueOrDefault(id)));
    }

    [Fact]
    public async Task Versions_OnTheUpstreamFeed_AreWhatThePublishedPackagesAskForOrLater()
    {
        var evaluation = await Evaluation.OfAsync(Path.Combine(Surroundings.RepositoryRoot, OwnProject), upstreamFeed: true);
        var asked = (from central in evaluation.Versions
                     from dependency in PublishedDependencies.Of(central.Key, central.Value!)
                     where evaluation.Versions.ContainsKey(dependency.Id)
                     select (By: central.Key, dependency.Id, dependency.Least)).ToList();

        Assert.Contains(("Grpc.AspNetCore", "Google.Protobuf", new Version(3, 36, 2)), asked);
        Assert.Contains(("Grpc.Net.Client", "Grpc.Net.Common", new Version(2, 85, 0)), asked);
        Assert.DoesNotContain(asked, need => PublishedDependencies.Parse(evaluation.Versions[need.Id]!) < need.Least);
    }

    private static bool IsStandIn(string path) => path.StartsWith(Surroundings.FeedDirectory, StringComparison.Ordinal);
}
