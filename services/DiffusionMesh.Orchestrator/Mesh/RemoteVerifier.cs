using System.Diagnostics;
using System.Globalization;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>A verifier of one search, as it described itself when the search began.</summary>
internal sealed class RemoteVerifier(
    VerifierChoice choice,
    Verifier description,
    VerifierService.VerifierServiceClient client,
    CallPolicy policy,
    OrchestratorOptions options,
    TimeProvider time,
    Func<ActivityContext> parent) : IVerifier
{
    public string Name => choice.Name;

    public bool HigherIsBetter => description.HigherIsBetter;

    public double Minimum => description.Minimum;

    public double Maximum => description.Maximum;

    public int MaxBatchSize => Math.Max(1, description.MaxBatchSize);

    public int Parallelism => options.ScoreParallelism;

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(
        IReadOnlyList<SampleImage> images,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        using var activity = DiffusionMeshTelemetry.Source.StartActivity("score", ActivityKind.Internal, parent());
        activity?.SetTag(DiffusionMeshTelemetry.BatchSize, images.Count);
        activity?.SetTag(DiffusionMeshTelemetry.Verifier, Name);
        var request = ScoreRequests.Of(description, choice.WeightsDigest, images, condition);
        try
        {
            var response = await policy.Pipeline.ExecuteAsync(
                async token => await client.ScoreAsync(request, deadline: Deadline(), cancellationToken: token), cancellationToken);
            return Read(response);
        }
        catch (RpcException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            activity?.SetStatus(ActivityStatusCode.Error, error.Status.Detail);
            throw Failures.Of(Name, error);
        }
    }

    private DateTime Deadline() => time.GetUtcNow().UtcDateTime.AddSeconds(options.ScoreTimeoutSeconds);

    private ScoreOutcome[] Read(ScoreResponse response)
    {
        if (response.WeightsDigest != choice.WeightsDigest)
        {
            throw new CallFailedException($"{Name}: scored with other weights ({response.WeightsDigest}) than the search uses");
        }

        return [.. response.Scores.Select(Read)];
    }

    private static ScoreOutcome Read(CandidateScore score, int position) =>
        score.CandidateId != position.ToString(CultureInfo.InvariantCulture)
            ? new ScoreOutcome.Missing($"answered for '{score.CandidateId}' where '{position}' was due")
            : score.OutcomeCase switch
            {
                CandidateScore.OutcomeOneofCase.Value => new ScoreOutcome.Value(score.Value),
                CandidateScore.OutcomeOneofCase.Error => new ScoreOutcome.Missing($"{score.Error.Reason}: {score.Error.Message}"),
                _ => new ScoreOutcome.Missing("answered neither a score nor an error"),
            };
}
