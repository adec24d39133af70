using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search.Algorithms;
using CandidateMessage = DiffusionMesh.Contracts.SearchV1.Candidate;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Every algorithm through the real services: drafts, continuations and renoised states on the embedded model.</summary>
[Collection("denoiser")]
public sealed class RealAlgorithmTests(RealMesh real) : IClassFixture<RealMesh>
{
    public static TheoryData<string, string> AlgorithmsAndSamplers
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var algorithm in SearchAlgorithms.All.Names)
            {
                data.Add(algorithm, "euler");
                data.Add(algorithm, "heun");
                data.Add(algorithm, "ddpm");
                data.Add(algorithm, "dpmpp-2m-sde");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AlgorithmsAndSamplers))]
    public async Task Algorithm_OverTheEmbeddedModels_AccountsForEveryEvaluationAndRepeatsItsBits(string algorithm, string sampler)
    {
        await using var apart = await real.StartOrchestratorAsync("--Orchestrator:Parallelism=3", "--Orchestrator:TrajectoriesPerCall=1");

        var search = await real.Mesh.RunAsync(Spec(algorithm, sampler));
        var again = await apart.RunAsync(Spec(algorithm, sampler));

        Assert.Equal((SearchState.Succeeded, ""), (search.State, search.Error));
        Assert.InRange(search.Ledger.NfeSearch, 1, search.Spec.BudgetNfe);
        Assert.Equal(search.Ledger.NfeSearch, search.Candidates.Sum(candidate => candidate.Nfe));
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Equal(0, search.Candidates.Single(candidate => candidate.Id == search.Best[0].CandidateId).ToNoiseLevel);
        Assert.Equal(Finished(search).Max(candidate => candidate.Scores[0].Value), search.Best[0].SearchScore);
        Assert.Equal(search.Candidates, again.Candidates);
        Assert.Equal(search.Best, again.Best);
    }

    private static SearchSpec Spec(string algorithm, string sampler) => new()
    {
        Condition = new Contracts.TensorV1.Condition { ClassLabel = 8 },
        Algorithm = algorithm,
        Sampler = sampler,
        Seed = 5,
        BudgetNfe = 120,
        Steps = 6,
        Guidance = 1,
        Verifiers = { new VerifierSelection { Name = "clip" } },
    };

    private static IEnumerable<CandidateMessage> Finished(Contracts.SearchV1.Search search) =>
        search.Candidates.Where(candidate => candidate.ToNoiseLevel == 0);
}
