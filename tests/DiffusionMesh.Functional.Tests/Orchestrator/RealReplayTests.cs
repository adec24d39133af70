using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search.Algorithms;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Every algorithm run again through the real services: drafts, continuations, renoised states, a final run.</summary>
[Collection("denoiser")]
public sealed class RealReplayTests(RealMesh real) : IClassFixture<RealMesh>
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task ReplaySearch_OfAnyAlgorithm_IsIdentical(string algorithm)
    {
        var original = await real.Mesh.RunAsync(new SearchSpec
        {
            Condition = new Contracts.TensorV1.Condition { ClassLabel = 8 },
            Algorithm = algorithm,
            Sampler = "ddpm",
            Seed = 5,
            BudgetNfe = 120,
            Steps = 6,
            FinalSteps = 9,
            KBest = 2,
            Guidance = 1,
            Verifiers = { new VerifierSelection { Name = "clip" } },
        });

        var created = (await real.Mesh.Client.ReplaySearchAsync(new ReplaySearchRequest { SearchId = original.Id })).Search;
        var replay = (await real.Mesh.WatchAsync(created.Id))[^1].SearchFinished;

        Assert.Equal((SearchState.Succeeded, ""), (original.State, original.Error));
        Assert.True(original.Ledger.NfeFinal > 0);
        ReplayedSearchTests.AssertIdentical(original, replay, original.Candidates.Count);
    }
}
