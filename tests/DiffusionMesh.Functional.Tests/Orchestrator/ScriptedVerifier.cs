using System.Collections.Concurrent;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>A verifier that scores by brightness in [0, 1], unless the test makes it lie.</summary>
internal sealed class ScriptedVerifier : VerifierService.VerifierServiceBase
{
    public const string Digest = "sha256:brightness";

    private readonly ConcurrentQueue<int> _sizes = new();
    private int _calls;

    /// <summary>The weights that it has now.</summary>
    public string Weights { get; set; } = Digest;

    /// <summary>Whether it refuses calls that pin other weights.</summary>
    public bool HonoursPins { get; init; }

    /// <summary>Makes a score of a brightness.</summary>
    public Func<double, double> Scoring { get; init; } = brightness => brightness;

    /// <summary>Images of every Score call, the check at creation included.</summary>
    public IReadOnlyCollection<int> Calls => _sizes;

    /// <summary>Changes an answer, given the number of the call from 1.</summary>
    public Func<ScoreResponse, int, ServerCallContext, Task> Change { get; init; } = (_, _, _) => Task.CompletedTask;

    public Action<DiffusionMesh.Contracts.VerifierV1.Verifier> Describing { get; init; } = _ => { };

    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context)
    {
        var verifier = new DiffusionMesh.Contracts.VerifierV1.Verifier
        {
            Name = "brightness",
            Version = "1",
            WeightsDigest = Weights,
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
        _sizes.Enqueue(request.Candidates.Count);
        if (HonoursPins && request.WeightsDigest != Weights)
        {
            throw RpcErrors.FailedPrecondition("WEIGHTS_DIGEST_MISMATCH", $"the weights are {Weights}, not the pinned {request.WeightsDigest}");
        }

        var response = new ScoreResponse { WeightsDigest = Weights, Scores = { request.Candidates.Select(Score) } };
        await Change(response, Interlocked.Increment(ref _calls), context);
        return response;
    }

    private CandidateScore Score(Candidate candidate)
    {
        var image = Assert.Single(candidate.Images);
        Assert.Equal("final", image.Name);
        return new CandidateScore
        {
            CandidateId = candidate.Id,
            Value = Scoring(image.Image.Data.Span.ToArray().Average(pixel => pixel) / 255),
        };
    }
}
