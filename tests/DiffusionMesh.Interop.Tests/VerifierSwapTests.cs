using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using Grpc.Net.Client;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Interop.Tests;

/// <summary>A verifier in another language, and another version of it while the denoiser keeps serving.</summary>
public sealed class VerifierSwapTests(RunningMesh mesh) : IClassFixture<RunningMesh>
{
    [PythonFact]
    public async Task Verifier_SwappedWhileTheDenoiserServes_IsUsedByTheNextSearch()
    {
        using var stubs = new PythonStubs();
        await stubs.GenerateAsync("protos", [.. ProtosOf("tensor"), .. ProtosOf("verifier")]);
        using var denoiser = GrpcChannel.ForAddress($"http://{mesh.Denoiser}");
        using var call = new DenoiserService.DenoiserServiceClient(denoiser).Sample(LongRun());

        int port;
        SearchMessage bright;
        await using (var verifier = await PythonVerifier.StartAsync(stubs, "bright"))
        {
            port = verifier.Port;
            bright = await SearchAsync(verifier.Address);
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.NotNull(call.ResponseStream.Current.Preview);
        }

        await using var swapped = await PythonVerifier.StartAsync(stubs, "dark", port);
        var dark = await SearchAsync(swapped.Address);

        Assert.Equal("1.0.0-bright", bright.Spec.Verifiers[0].Version);
        Assert.Equal("1.0.0-dark", dark.Spec.Verifiers[0].Version);
        Assert.NotEqual(bright.Spec.Verifiers[0].WeightsDigest, dark.Spec.Verifiers[0].WeightsDigest);

        // The same candidates, judged the other way round.
        Assert.Equal(bright.Candidates.Select(candidate => candidate.PixelDigest), dark.Candidates.Select(candidate => candidate.PixelDigest));
        Assert.Equal(bright.Candidates.MaxBy(Score)!.Id, bright.Best[0].CandidateId);
        Assert.Equal(bright.Candidates.MinBy(Score)!.Id, dark.Best[0].CandidateId);

        while (call.ResponseStream.Current.Result is null)
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        }

        Assert.Equal(LongRun().Steps, call.ResponseStream.Current.Result.Nfe);
    }

    private static double Score(Contracts.SearchV1.Candidate candidate) => candidate.Scores[0].Value;

    private static IEnumerable<string> ProtosOf(string area) =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "protos", "diffusionmesh", area, "v1"), "*.proto")
            .Select(file => $"diffusionmesh/{area}/v1/{Path.GetFileName(file)}");

    // Long enough to be under way before, while and after the verifier is swapped.
    private static SampleRequest LongRun() => new()
    {
        Model = "fashion-flow",
        Steps = 1000,
        Guidance = 1,
        Outputs = new SampleOutputs { Latent = true, PreviewEverySteps = 10 },
        Trajectories =
        {
            new Trajectory
            {
                Id = "long",
                Noise = new NoiseExpression { Draw = new NoiseAddress { Seed = 1 } },
                Condition = new Condition { ClassLabel = 8 },
            },
        },
    };

    private async Task<SearchMessage> SearchAsync(string verifier)
    {
        using var channel = GrpcChannel.ForAddress($"http://{mesh.Orchestrator}");
        var searches = new SearchService.SearchServiceClient(channel);
        var spec = new SearchSpec { BudgetNfe = 40, Steps = 5, Guidance = 1, Condition = new Condition { ClassLabel = 8 } };
        spec.Verifiers.Add(new VerifierSelection { Name = "mine", Address = verifier });
        var created = await searches.CreateSearchAsync(new CreateSearchRequest { Spec = spec });
        using var watch = searches.WatchSearch(new WatchSearchRequest { SearchId = created.Search.Id });
        SearchMessage? ended = null;
        while (await watch.ResponseStream.MoveNext(CancellationToken.None))
        {
            ended = watch.ResponseStream.Current.SearchFinished ?? ended;
        }

        Assert.Equal(SearchState.Succeeded, ended!.State);
        return ended;
    }
}
