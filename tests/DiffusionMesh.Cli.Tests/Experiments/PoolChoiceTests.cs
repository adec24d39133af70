using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Cli.Tests.Experiments;

public sealed class PoolChoiceTests
{
    private static readonly Dictionary<string, Verifier> Verifiers =
        SampleExperiment.Mesh.Verifiers.ToDictionary(status => status.Name, status => status.Verifier);

    // bright: higher is better; dark: lower is better.
    private static readonly StoredCandidate[] Pool =
    [
        Candidate("0", ("bright", 3), ("dark", 9)),
        Candidate("1", ("bright", 5), ("dark", 8)),
        Candidate("2", ("bright", 4), ("dark", 2)),
        Candidate("3", ("bright", 5), ("dark", 7)),
        Candidate("4", ("bright", 9)),
    ];

    [Theory]
    [InlineData("bright", 3, "1")]
    [InlineData("bright", 5, "4")]
    [InlineData("dark", 2, "1")]
    [InlineData("dark", 5, "2")]
    public void Of_OneVerifier_TakesItsBestAndTheFirstOfEquals(string verifier, int prefix, string expected) =>
        Assert.Equal(expected, Choose(prefix, Selector.Rank, (verifier, 1)));

    [Fact]
    public void Of_Ranks_TakesTheBestWeightedMeanRank()
    {
        // Ranks by bright of the first four: 4, 1.5, 3, 1.5; by dark: 4, 3, 1, 2. Sums: 8, 4.5, 4, 3.5.
        Assert.Equal("3", Choose(5, Selector.Rank, ("bright", 1), ("dark", 1)));

        // With dark three times: 16, 10.5, 6, 7.5.
        Assert.Equal("2", Choose(5, Selector.Rank, ("bright", 1), ("dark", 3)));
    }

    [Fact]
    public void Of_ZScores_TakesTheBestWeightedMean()
    {
        // (bright - 1)/2 - (dark - 1)/2: -3, -1.5, 1, -1.
        Assert.Equal("2", Choose(5, Selector.ZScore, ("bright", 1), ("dark", 1)));
    }

    [Fact]
    public void Of_CandidatesThatLackAScore_IsNobody() =>
        Assert.Null(PoolChoice.Of(Pool[4..], new Selector("s", [new WeightedVerifier("dark", 1)], Selector.Rank, ""), Verifiers));

    private static string Choose(int prefix, string rule, params (string Name, double Weight)[] verifiers) => PoolChoice.Of(
        Pool.Take(prefix), new Selector("s", [.. verifiers.Select(item => new WeightedVerifier(item.Name, item.Weight))], rule, ""), Verifiers)!.Id;

    private static StoredCandidate Candidate(string id, params (string Name, double Score)[] scores) =>
        new(id, 0, 10, 10, scores.ToDictionary(score => score.Name, score => score.Score), $"sha256:{id}", null);
}
