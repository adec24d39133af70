using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

public sealed class LargeImageTests
{
    // One image fills three quarters of a message.
    private const int Side = 512;

    [Fact]
    public async Task Images_OfWhichNoTwoFitIntoAMessage_AreScoredOneByOne()
    {
        var denoiser = new ScriptedDenoiser { Change = Enlarge };
        var verifier = new ScriptedVerifier();
        await using var mesh = await OrchestratorMesh.StartAsync(denoiser, verifier, "--MaxMessageMebibytes=1", "--Orchestrator:ScoreParallelism=1");

        var search = await mesh.RunAsync(OrchestratorMesh.Spec());
        using var rescored = mesh.Client.RescoreSearch(
            new RescoreSearchRequest { SearchId = search.Id, Verifiers = { new VerifierSelection { Name = "brightness" } } });
        var scores = await rescored.ResponseStream.ReadAllAsync().Where(each => each.Candidate is not null).ToListAsync();

        Assert.Equal(SearchState.Succeeded, search.State);
        Assert.All(search.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Equal(12, scores.Count);
        Assert.All(scores, score => Assert.Empty(Assert.Single(score.Candidate.Scores).Error));
        Assert.All(verifier.Calls, images => Assert.Equal(1, images));
    }

    private static void Enlarge(SampleResult result)
    {
        var pixels = new byte[Side * Side * 3];
        Array.Fill(pixels, result.Image.Data[0]);
        result.Image = TensorMapping.ToMessage(pixels, Side, Side, 3);
    }
}
