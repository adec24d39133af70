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

    [Fact]
    public void BestFirst_UnderZScores_OrdersByTheirMean()
    {
        var search = SampleSearch.Create(3, "a bag", "clip", "other");
        SetScores(search, [(3, 1), (2, 3), (1.1, 3.2)]);
        search.Spec.Ensemble = "z-score";

        // One scale for both: sums 4, 5, 4.3.
        Assert.Equal(["1", "2", "0"], Order(search));
    }

    [Fact]
    public void BestFirst_HeldOutVerifier_HasNoPart()
    {
        var search = SampleSearch.Create(3, "a bag", "clip", "other");
        SetScores(search, [(3, 1), (2, 3), (1, 2)]);
        search.Spec.Verifiers[1].HeldOut = true;

        Assert.Equal(["0", "1", "2"], Order(search));
    }

    [Fact]
    public void BestFirst_MissingScores_AreStretchedToThePool()
    {
        var search = SampleSearch.Create(4, "a bag", "clip", "other");
        SetScores(search, [(2, 1), (7, 0), (5, 3), (9, 2)]);
        search.Candidates[1].Scores[1] = new VerifierScore { Verifier = "other", Error = "down" };

        // By the first: 4, 2, 3, 1. By the second, three of four: (rank - 1/2) 4/3 + 1/2 of 3, -, 1, 2.
        Assert.Equal(["3", "1", "2", "0"], Order(search));
    }

    [Fact]
    public void BestFirst_Drafts_AreLeftOut()
    {
        var search = SampleSearch.Create(3);
        search.Candidates[1].ToNoiseLevel = 0.4;

        Assert.Equal(2, Order(search).Length);
        Assert.DoesNotContain("1", Order(search));
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
