using System.Collections.Immutable;
using System.Globalization;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>A verifier of one search, as it described itself when the search began.</summary>
/// <param name="parallelism">Calls that may be under way at once, for each pod that can be reached.</param>
internal sealed class RemoteVerifier(VerifierChoice choice, Verifier description, ScoreCalls calls, int parallelism) : IVerifier
{
    // How often an image is sent again that the verifier answered with an error.
    private const int ErrorRetries = 2;

    // A verifier that is other again each time it is asked is several: no search can tell which one scores.
    private const int MaxReplacements = 3;

    // Of what it says of a candidate: that is kept with each of them.
    private const int MaxEcho = 512;

    private volatile VerifierWeights _weights = new(choice, description, Replacement: null);

    public string Name => choice.Name;

    public bool HigherIsBetter => description.HigherIsBetter;

    public double Minimum => description.Minimum;

    public double Maximum => description.Maximum;

    public ScoreScale? RealScale { get; } = RealScaleOf(description);

    public ImmutableArray<double> XPredictionLevels { get; } = XPredictionLevelsOf(description);

    public bool NeedsState => description.NeedsState;

    public int Parallelism => parallelism * calls.Pods;

    /// <summary>Mean and standard deviation of a verifier's score over real images; null if it does not describe them.</summary>
    public static ScoreScale? RealScaleOf(Verifier description) =>
        description is { HasRealMean: true, RealStandardDeviation: > 0 and < double.PositiveInfinity and var deviation }
        && double.IsFinite(description.RealMean)
            ? new ScoreScale(description.RealMean, deviation)
            : null;

    /// <summary>Noise levels of the x-predictions that a verifier asks for.</summary>
    public static ImmutableArray<double> XPredictionLevelsOf(Verifier description) =>
        [.. description.Images.Where(image => image.Kind == ImageKind.XPrediction).Select(image => image.NoiseLevel)];

    /// <summary>Most images that a verifier takes in one call.</summary>
    public static int BatchSizeOf(Verifier description) => Math.Max(1, description.MaxBatchSize);

    public int BatchSizeFor(SampledSegment sample) =>
        (int)Math.Clamp(ScoreRequests.CandidatesWithin(calls.MaxMessageBytes, description, choice, sample), 1, BatchSizeOf(description));

    public async Task<ScoredBatch> ScoreAsync(
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        var (response, weights) = await AskAsync(samples, condition, returnState: false, cancellationToken);
        var scores = response.Scores.ToArray();
        var outcomes = scores.Select(Read).ToArray();
        if (scores.Length == samples.Count)
        {
            var failed = Enumerable.Range(0, scores.Length).Where(i => scores[i].OutcomeCase == CandidateScore.OutcomeOneofCase.Error);
            await AskAgainAsync(samples, [.. failed], outcomes, weights, condition, cancellationToken);
        }

        return new ScoredBatch(outcomes) { Replacement = weights.Replacement };
    }

    public async Task<ReadOnlyMemory<byte>> StateAfterAsync(
        SampledSegment sample,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        var (response, _) = await AskAsync([sample], condition, returnState: true, cancellationToken);
        return response.Scores switch
        {
            [{ State: { IsEmpty: false } state }] when state.Length <= calls.MaxStateBytes => state.Memory,
            [{ State: { IsEmpty: false } state }] => throw new CallFailedException($"{Name}: returned a state of {state.Length} bytes; at most {calls.MaxStateBytes} are accepted"),
            _ => throw new CallFailedException($"{Name}: returned no state"),
        };
    }

    // Sends images again that were answered with an error; what does not come back keeps the error that it has.
    private async Task AskAgainAsync(
        IReadOnlyList<SampledSegment> samples,
        int[] failed,
        ScoreOutcome[] outcomes,
        VerifierWeights weights,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        for (var retry = 0; retry < ErrorRetries && failed.Length > 0; retry++)
        {
            ScoreResponse response;
            try
            {
                (response, var now) = await AskAsync([.. failed.Select(i => samples[i])], condition, returnState: false, cancellationToken);
                if (now != weights || response.Scores.Count != failed.Length)
                {
                    return;
                }
            }
            catch (CallFailedException)
            {
                return;
            }

            for (var i = 0; i < failed.Length; i++)
            {
                outcomes[failed[i]] = Read(response.Scores[i], i);
            }

            failed = [.. failed.Where((_, i) => response.Scores[i].OutcomeCase == CandidateScore.OutcomeOneofCase.Error)];
        }
    }

    private async Task<(ScoreResponse Response, VerifierWeights Weights)> AskAsync(
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        bool returnState,
        CancellationToken cancellationToken)
    {
        for (var replacements = 0; ; replacements++)
        {
            var weights = _weights;
            var request = ScoreRequests.Of(weights.Description, weights.Choice, samples, condition);
            request.ReturnState = returnState;
            try
            {
                using var measured = ScoreMetrics.Measure(calls.Dependency);
                return (await calls.ScoreAsync(request, samples, weights.Choice.ComputeClass, cancellationToken), weights);
            }
            catch (WeightsReplacedException replaced)
            {
                if (replacements == MaxReplacements)
                {
                    throw new CallFailedException($"{choice.Name}: has other weights than it describes, each time anew ({replaced.Message})", replaced);
                }

                if (choice.OnReplacement == ReplacementPolicy.Refuse)
                {
                    throw new CallFailedException($"{choice.Name}: was replaced while the search ran, and on_replacement is not RECORD ({replaced.Message})", replaced);
                }

                _weights = new VerifierWeights(choice, description, Replacement: null)
                    .ReplacedBy(await calls.DescribeAsync(cancellationToken));
            }
        }
    }

    private static ScoreOutcome Read(CandidateScore score, int position) =>
        score.CandidateId != position.ToString(CultureInfo.InvariantCulture)
            ? new ScoreOutcome.Missing($"answered for '{RpcErrors.Shorten(score.CandidateId, MaxEcho)}' where '{position}' was due")
            : score.OutcomeCase switch
            {
                CandidateScore.OutcomeOneofCase.Value => new ScoreOutcome.Value(score.Value),
                CandidateScore.OutcomeOneofCase.Error => new ScoreOutcome.Missing(RpcErrors.Shorten($"{score.Error.Reason}: {score.Error.Message}", MaxEcho)),
                _ => new ScoreOutcome.Missing("answered neither a score nor an error"),
            };
}
