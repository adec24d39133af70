using System.Collections.Immutable;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.ServiceDefaults.Draining;
using DiffusionMesh.ServiceDefaults.Telemetry;
using DiffusionMesh.Verifiers.Scoring;
using Google.Protobuf;
using Grpc.Core;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>The verifier service over one scorer.</summary>
internal sealed class ScoringService(IScorer scorer, ScoreRequestReader reader, ScoringQueue queue, Drain drain, VerifierOptions limits)
    : VerifierService.VerifierServiceBase
{
    public override Task<DescribeResponse> Describe(DescribeRequest request, ServerCallContext context) =>
        Task.FromResult(new DescribeResponse { Verifier = DescriptionMapping.ToMessage(scorer.Description, limits.MaxBatchSize) });

    public override async Task<ScoreResponse> Score(ScoreRequest request, ServerCallContext context)
    {
        using var span = DiffusionMeshTelemetry.Source.StartActivity("verifier.score");
        span?.SetTag(DiffusionMeshTelemetry.Verifier, scorer.Description.Name);
        span?.SetTag(DiffusionMeshTelemetry.BatchSize, request.Candidates.Count);

        var reading = reader.Read(request);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, drain.Over);
        var outcomes = await ScoreAsync(request, reading, ended.Token);
        ScoringMetrics.Record(scorer.Description.Name, outcomes);

        var response = new ScoreResponse
        {
            WeightsDigest = scorer.Description.WeightsDigest,
            ComputeClass = scorer.Description.ComputeClass,
        };
        for (var i = 0; i < outcomes.Length; i++)
        {
            response.Scores.Add(ToMessage(request.Candidates[i].Id, outcomes[i], request.ReturnState));
        }

        return response;
    }

    private async Task<ScoreOutcome[]> ScoreAsync(ScoreRequest request, ScoreRequestReading reading, CancellationToken cancellationToken)
    {
        var candidates = reading.Candidates.Select(each => each.Candidate).OfType<ScoringCandidate>().ToImmutableArray();
        IReadOnlyList<ScoreOutcome> scored = [];
        if (candidates.Length > 0)
        {
            var task = new ScoringTask(candidates, reading.Condition, request.State.Memory, request.ReturnState);
            using var place = queue.Enter(candidates.Length);
            ScoringMetrics.Unfinished(scorer.Description.Name, candidates.Length);
            try
            {
                scored = await scorer.ScoreAsync(task, cancellationToken);
            }
            finally
            {
                ScoringMetrics.Unfinished(scorer.Description.Name, -candidates.Length);
            }
        }

        if (scored.Count != candidates.Length)
        {
            throw new InvalidOperationException($"{scorer.Description.Name} gave {scored.Count} outcomes for {candidates.Length} candidates.");
        }

        var next = 0;
        return [.. reading.Candidates.Select(each => each.Error ?? Checked(scored[next++]))];
    }

    // What callers are promised: a finite number in the declared range, or an error.
    private ScoreOutcome Checked(ScoreOutcome outcome) => outcome switch
    {
        ScoreOutcome.Value { Score: var score } when !double.IsFinite(score) =>
            new ScoreOutcome.Error("SCORE_NOT_FINITE", $"{scorer.Description.Name} computed {score}"),
        ScoreOutcome.Value { Score: var score } when score < scorer.Description.Minimum || score > scorer.Description.Maximum =>
            new ScoreOutcome.Error(
                "SCORE_OUT_OF_RANGE",
                $"{scorer.Description.Name} computed {score}, outside [{scorer.Description.Minimum}, {scorer.Description.Maximum}]"),
        _ => outcome,
    };

    private static CandidateScore ToMessage(string id, ScoreOutcome outcome, bool returnState)
    {
        var message = new CandidateScore { CandidateId = id };
        switch (outcome)
        {
            case ScoreOutcome.Value value:
                message.Value = value.Score;
                message.State = returnState ? UnsafeByteOperations.UnsafeWrap(value.State) : ByteString.Empty;
                break;

            case ScoreOutcome.Error error:
                message.Error = new ScoreError { Reason = error.Reason, Message = error.Message };
                break;
        }

        return message;
    }
}
