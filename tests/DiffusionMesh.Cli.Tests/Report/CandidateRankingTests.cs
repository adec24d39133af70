using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed class CandidateRankingTests
{
    [Fact]
    public void BestFirst_UnderOneVerifier_OrdersByScore()
    {
        var scores = CandidateRanking.BestFirst(SampleSearch.Document()).Select(candidate => candidate.Scores["clip"]).ToArray();

        Assert.Equal(scores.OrderDescending(), scores);
    }

    [Fact]
    public void BestFirst_UnderSeveralVerifiers_OrdersByTheMeanOfRanks()
    {
        var search = SampleSearch.Create(3, "a bag", "clip", "other");
        SetScores(search, [(3, 1), (2, 3), (1, 2)]);

        // Mean ranks: (1 + 3)/2, (2 + 1)/2, (3 + 2)/2.
        Assert.Equal(["1", "0", "2"], Order(search));
    }

    [Fact]
    public void BestFirst_WithWeights_FollowsTheHeavierVerifier()
    {
        var search = SampleSearch.Create(3, "a bag", "clip", "other");
        SetScores(search, [(3, 1), (2, 3), (1, 2)]);
        search.Spec.Verifiers[0].Weight = 10;

        Assert.Equal(["0", "1", "2"], Order(search));
    }

    [Fact]
    public void BestFirst_WithoutAScore_ComesLast()
    {
        var search = SampleSearch.Create(3);
        search.Candidates[0].Scores[0] = new VerifierScore { Verifier = "clip", Error = "down" };

        Assert.Equal("0", Order(search)[^1]);
    }

    private static string[] Order(SearchMessage search) =>
        [.. CandidateRanking.BestFirst(search.ToDocument(SampleSearch.Mesh())).Select(candidate => candidate.Id)];

    private static void SetScores(SearchMessage search, (double Clip, double Other)[] scores)
    {
        foreach (var (candidate, (clip, other)) in search.Candidates.Zip(scores))
        {
            candidate.Scores[0].Value = clip;
            candidate.Scores[1].Value = other;
        }
    }
}
