using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Verifier.Oracle;
using DiffusionMesh.Verifier.SelfSupervised;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Verifiers that need more than the finished sample: predictions of it, or a state.</summary>
[Collection("denoiser")]
public sealed class VerifierNeedsTests(RealMesh real) : IClassFixture<RealMesh>
{
    [Fact]
    public async Task SelfSupervised_GetsThePredictionsThatItAsksFor()
    {
        await using var verifier = await RunningHost.StartAsync(SelfSupervisedVerifierHost.Build);

        var search = await real.Mesh.RunAsync(Spec(verifier, "random"));

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.All(search.Candidates, candidate => Assert.InRange(candidate.Scores[0].Value, -1, 0.999_999));
        Assert.Equal(search.Candidates.Max(candidate => candidate.Scores[0].Value), search.Best[0].SearchScore);
    }

    [Fact]
    public async Task SelfSupervised_UnderAnAlgorithmOfDrafts_IsRefused()
    {
        await using var verifier = await RunningHost.StartAsync(SelfSupervisedVerifierHost.Build);

        var error = await Assert.ThrowsAsync<RpcException>(() => real.Mesh.CreateAsync(Spec(verifier, "paths")));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.StartsWith("spec.algorithm: 'paths' has unfinished samples scored, which verifier", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OracleFid_StateOfOneSearch_IsWhereTheNextBegins()
    {
        await using var verifier = await RunningHost.StartAsync(OracleVerifierHost.Build, "--Verifier:Score=fid");
        var spec = Spec(verifier, "random");

        var first = await real.Mesh.RunAsync(spec);
        spec.Verifiers[0].State = first.VerifierStates["own"];
        spec.Seed = 1;
        var second = await real.Mesh.RunAsync(spec);
        Assert.Equal(spec.Verifiers[0].State, second.Spec.Verifiers[0].State);
        var listed = (await real.Mesh.Client.ListSearchesAsync(new ListSearchesRequest { PageSize = 1 })).Searches.Single();
        Assert.Equal((second.Id, true), (listed.Id, listed.Spec.Verifiers[0].State.IsEmpty));

        Assert.Equal((SearchState.Succeeded, ""), (second.State, second.Error));
        Assert.Equal(first.Candidates.Min(candidate => candidate.Scores[0].Value), first.Best[0].SearchScore);
        Assert.Equal(first.VerifierStates["own"].Length, second.VerifierStates["own"].Length);
        Assert.NotEqual(first.VerifierStates["own"], second.VerifierStates["own"]);

        // The set of the second search already holds the winner of the first, which lowered its distance.
        spec.Verifiers[0].State = Google.Protobuf.ByteString.Empty;
        var afresh = await real.Mesh.RunAsync(spec);
        Assert.All(second.Candidates.Zip(afresh.Candidates), pair => Assert.True(pair.First.Scores[0].Value < pair.Second.Scores[0].Value));
    }

    [Fact]
    public async Task Create_RequestIdOfAnotherState_IsRefused()
    {
        await using var verifier = await RunningHost.StartAsync(OracleVerifierHost.Build, "--Verifier:Score=fid");
        var spec = Spec(verifier, "random");
        spec.Verifiers[0].State = (await real.Mesh.RunAsync(spec)).VerifierStates["own"];
        var request = Guid.NewGuid().ToString();
        var created = await real.Mesh.CreateAsync(spec, request);

        Assert.Equal(created.Id, (await real.Mesh.CreateAsync(spec, request)).Id);
        spec.Verifiers[0].State = Google.Protobuf.ByteString.Empty;
        var error = await Assert.ThrowsAsync<RpcException>(() => real.Mesh.CreateAsync(spec, request));

        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
        await real.Mesh.WatchAsync(created.Id);
    }

    private static SearchSpec Spec(RunningHost verifier, string algorithm) => new()
    {
        Condition = new Contracts.TensorV1.Condition { ClassLabel = 8 },
        Algorithm = algorithm,
        BudgetNfe = 60,
        Steps = 6,
        Guidance = 1,
        Verifiers = { new VerifierSelection { Name = "own", Address = verifier.Address.ToString() } },
    };
}
