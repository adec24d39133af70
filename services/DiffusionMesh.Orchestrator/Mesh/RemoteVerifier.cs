using System.Collections.Immutable;
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

    public ScoreScale? RealScale =>
        description is { HasRealMean: true, RealStandardDeviation: > 0 and var deviation }
            ? new ScoreScale(description.RealMean, deviation)
            : null;

    public ImmutableArray<double> XPredictionLevels { get; } = XPredictionLevelsOf(description);

    public bool NeedsState => description.NeedsState;

    public int MaxBatchSize => Math.Max(1, description.MaxBatchSize);

    public int Parallelism => options.ScoreParallelism;

    /// <summary>Noise levels of the x-predictions that a verifier asks for.</summary>
    public static ImmutableArray<double> XPredictionLevelsOf(Verifier description) =>
        [.. description.Images.Where(image => image.Kind == ImageKind.XPrediction).Select(image => image.NoiseLevel)];

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        var response = await CallAsync(ScoreRequests.Of(description, choice, samples, condition), cancellationToken);
        return [.. response.Scores.Select(Read)];
    }

    public async Task<ReadOnlyMemory<byte>> StateAfterAsync(
        SampledSegment sample,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        var request = ScoreRequests.Of(description, choice, [sample], condition);
        request.ReturnState = true;
        var response = await CallAsync(request, cancellationToken);
        return response.Scores is [{ State: { IsEmpty: false } state }]
            ? state.Memory
            : throw new CallFailedException($"{Name}: returned no state");
    }

    private async Task<ScoreResponse> CallAsync(ScoreRequest request, CancellationToken cancellationToken)
    {
        using var activity = DiffusionMeshTelemetry.Source.StartActivity("score", ActivityKind.Internal, parent());
        activity?.SetTag(DiffusionMeshTelemetry.BatchSize, request.Candidates.Count);
        activity?.SetTag(DiffusionMeshTelemetry.Verifier, Name);
        try
        {
            var response = await policy.Pipeline.ExecuteAsync(
                async token => await client.ScoreAsync(request, deadline: Deadline(), cancellationToken: token), cancellationToken);
            return Checked(response);
        }
        catch (RpcException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            activity?.SetStatus(ActivityStatusCode.Error, error.Status.Detail);
            throw Failures.Of(Name, error);
        }
    }

    private DateTime Deadline() => time.GetUtcNow().UtcDateTime.AddSeconds(options.ScoreTimeoutSeconds);

    private ScoreResponse Checked(ScoreResponse response)
    {
        if (response.WeightsDigest != choice.WeightsDigest)
        {
            throw new CallFailedException($"{Name}: scored with other weights ({response.WeightsDigest}) than the search uses");
        }

        return response;
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
