using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>A verifier that scores by brightness in [0, 1], unless the test makes it lie.</summary>
internal sealed class ScriptedVerifier : VerifierService.VerifierServiceBase
{
    public const string Digest = "sha256:brightness";

    private int _calls;

    /// <summary>Changes an answer, given the number of the call from 1.</summary>
    public Func<ScoreResponse, int, ServerCallContext, Task> Change { get; init; } = (_, _, _) => Task.CompletedTask;

    public Action<DiffusionMesh.Contracts.VerifierV1.Verifier> Describing { get; init; } = _ => { };

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context)
    {
        var verifier = new DiffusionMesh.Contracts.VerifierV1.Verifier
        {
            Name = "brightness",
            Version = "1",
            WeightsDigest = Digest,
            Minimum = 0,
            Maximum = 1,
            HigherIsBetter = true,
            ConditionKinds = { ConditionKind.Prompt, ConditionKind.Class },
            Images = { new ImageRequirement { Name = "final", Kind = ImageKind.Final } },
            MaxBatchSize = 4,
            ComputeClass = "memory",
        };
        Describing(verifier);
        return Task.FromResult(new DescribeResponse { Verifier = verifier });
    }

    public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        var response = new ScoreResponse { WeightsDigest = Digest, Scores = { request.Candidates.Select(Score) } };
        await Change(response, Interlocked.Increment(ref _calls), context);
        return response;
    }

    private static CandidateScore Score(Candidate candidate)
    {
        var image = Assert.Single(candidate.Images);
        Assert.Equal("final", image.Name);
        return new CandidateScore
        {
            CandidateId = candidate.Id,
            Value = image.Image.Data.Span.ToArray().Average(pixel => pixel) / 255,
        };
    }
}
