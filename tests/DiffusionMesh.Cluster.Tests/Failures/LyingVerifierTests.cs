using DiffusionMesh.Cluster.Tests.Kills;
using DiffusionMesh.Cluster.Tests.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Tests;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cluster.Tests.Failures;

/// <summary>One of three verifiers does not what it should: the search says so, and what it finds is what the others say.</summary>
public sealed class LyingVerifierTests(LocalServices services) : IClassFixture<LocalServices>
{
    // In seconds, for an honest verifier on a machine that does other things.
    private const int LongTime = 300;

    // For one that is waited for in vain.
    private const int EnoughTime = 15;

    [ClusterTheory]
    [InlineData("023", "NaN", "answers NaN for one image of each call", "the score is NaN")]
    [InlineData("024", "range", "answers scores outside of the range that it declares", "lies outside the declared range")]
    [InlineData("025", "count", "answers fewer scores than images", "answered 0 scores for ")]
    [InlineData("026", "hung", "hangs: no answer within the time limit", "did not answer in time")]
    [InlineData("027", "down", "is down", "does not answer")]
    public async Task OneOfThree_Fails_TheOthersJudgeAndTheResultSaysSo(string order, string lie, string what, string reason)
    {
        await using var liar = await LyingVerifier.StartAsync(services.VerifierAddress, lie);
        var (expected, _) = await RunAsync(Liar(liar, FailurePolicy.Degrade));

        liar.Begin();
        var (search, image) = await RunAsync(Liar(liar, FailurePolicy.Degrade), lie == "hung" ? EnoughTime : LongTime);

        Assert.Equal(SearchState.Succeeded, search.State);
        Assert.Equal(expected.Best[0].CandidateId, search.Best[0].CandidateId);
        Assert.Equal(search.Best[0].PixelDigest, image);
        Assert.Equal(expected.Ledger.NfeSearch, search.Ledger.NfeSearch);
        Assert.Contains(reason, Assert.Single(search.Degradations), StringComparison.Ordinal);
        Reliability.Row(
            "matrix", order, $"one of three verifiers {what} (on_failure: DEGRADE)", $"the result that the other two find; marked: {search.Degradations[0]}", FailureRow.Lost(search));
    }

    [ClusterFact]
    public async Task OneOfThree_Slow_IsWaitedFor()
    {
        await using var liar = await LyingVerifier.StartAsync(services.VerifierAddress, "slow");
        liar.Begin();
        var (search, _) = await RunAsync(Liar(liar, FailurePolicy.Fail));

        Assert.Equal((SearchState.Succeeded, 0), (search.State, search.Degradations.Count));
        Reliability.Row("matrix", "028", "one of three verifiers takes 1 s for each answer", "nothing but the time", FailureRow.Lost(search));
    }

    [ClusterFact]
    public async Task OneOfThree_DownAndNotToBeMissed_EndsTheSearch()
    {
        await using var liar = await LyingVerifier.StartAsync(services.VerifierAddress, "down");
        liar.Begin();
        var (search, _) = await RunAsync(Liar(liar, FailurePolicy.Fail));

        Assert.Equal(SearchState.Failed, search.State);
        Assert.Contains("does not answer", search.Error, StringComparison.Ordinal);
        Reliability.Row("matrix", "029", "one of three verifiers is down (on_failure: FAIL)", $"the search ended: {search.Error}", "what was sampled is kept: `dmesh resume` goes on with it");
    }

    private static VerifierSelection Liar(LyingVerifier liar, FailurePolicy policy) => new() { Name = "liar", Address = liar.Address, OnFailure = policy };

    // With clip, clip once more under another name, and a third.
    private async Task<(SearchMessage Search, string ImageDigest)> RunAsync(VerifierSelection third, int scoreSeconds = LongTime)
    {
        var spec = Specs.Short("random");
        spec.Verifiers.Add([new() { Name = "twin", Address = services.VerifierAddress }, third]);
        var port = FreePorts.Take();
        await using var orchestrator = await services.StartOrchestratorAsync(
            port, [$"--Orchestrator:DataDirectory={services.DataDirectory()}", $"--Orchestrator:DescribeTimeoutSeconds={LongTime}", $"--Orchestrator:ScoreTimeoutSeconds={scoreSeconds}", "--Orchestrator:RetryAttempts=1"]);
        using var channel = LocalServices.Open(port);
        var client = new SearchService.SearchServiceClient(channel);
        var search = await (await SearchRun.StartAsync([client], spec)).EndAsync();
        var digest = "";
        if (search.State == SearchState.Succeeded)
        {
            digest = (await Answer.OfAsync(search, client)).Outcome.Best[0].PixelDigest;
        }

        return (search, digest);
    }
}
