using System.Collections.Immutable;
using System.Security.Cryptography;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;
using DomainScore = DiffusionMesh.Search.VerifierScore;
using DomainStop = DiffusionMesh.Search.StopReason;

namespace DiffusionMesh.Contracts;

/// <summary>Writes and reads what a search paid for and decided.</summary>
public static class JournalMapping
{
    public static JournalEntry ToMessage(ContentKey key, SampledSegment segment) => new()
    {
        Segment = new PaidSegment
        {
            Key = key.Hex,
            Image = ToMessage(segment.Image),
            Nfe = segment.Nfe,
            NetworkRows = segment.NetworkRows,
            Decodes = segment.Decodes,
            State = segment.State is { } state ? ToMessage(state) : null,
            XPredictions =
            {
                segment.XPredictions.Select(prediction => new StoredXPrediction
                {
                    RequestedLevel = prediction.RequestedLevel,
                    Level = prediction.Level,
                    Image = ToMessage(prediction.Image),
                }),
            },
        },
    };

    public static JournalEntry ToMessage(ContentKey key, DomainScore score) => new()
    {
        Score = new PaidScore { Key = key.Hex, Score = SearchResultMapping.ToMessage(score) },
    };

    public static JournalEntry ToMessage(int round, RoundEntry entry)
    {
        var decided = new DecidedRound { Round = round, Interrupted = entry.Interrupted };
        if (entry.StoppedBefore is { } reason)
        {
            decided.StoppedBefore = SearchResultMapping.ToMessage(reason);
        }

        return new JournalEntry { Round = decided };
    }

    public static JournalEntry ToMessage(VerifierReplacement replacement) => new()
    {
        Replacement = new ReplacedWeights
        {
            Verifier = replacement.Verifier,
            WeightsDigest = replacement.WeightsDigest,
            Version = replacement.Version,
            ComputeClass = replacement.ComputeClass,
            Minimum = replacement.Minimum,
            Maximum = replacement.Maximum,
        },
    };

    /// <summary>Names an image; its pixels are kept apart.</summary>
    public static StoredImage ToMessage(SampleImage image) => new()
    {
        Digest = image.Digest,
        Height = image.Height,
        Width = image.Width,
        Channels = image.Channels,
    };

    /// <summary>Names a state; its values are kept apart.</summary>
    public static StoredLatent ToMessage(LatentState state) => new()
    {
        Digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(state.Data.Span)),
        Channels = state.Channels,
        Height = state.Height,
        Width = state.Width,
    };

    /// <summary>All images of a segment.</summary>
    public static ImmutableArray<SampleImage> Images(SampledSegment segment) =>
        [segment.Image, .. segment.XPredictions.Select(prediction => prediction.Image)];

    /// <summary>All images that an entry names.</summary>
    public static IEnumerable<StoredImage> Images(PaidSegment segment) =>
        segment.XPredictions.Select(prediction => prediction.Image).Prepend(segment.Image);

    /// <param name="images">Those of <see cref="Images(PaidSegment)"/>, in its order.</param>
    /// <param name="state">The one that the entry names; null if it names none.</param>
    public static SampledSegment ToDomain(PaidSegment segment, IReadOnlyList<SampleImage> images, LatentState? state) =>
        new(images[0], segment.Nfe, segment.NetworkRows, segment.Decodes)
        {
            State = state,
            XPredictions =
            [
                .. segment.XPredictions.Select((prediction, i) =>
                    new XPrediction(prediction.RequestedLevel, prediction.Level, images[i + 1])),
            ],
        };

    /// <exception cref="FormatException">It is neither a score nor an error.</exception>
    public static ScoreOutcome ToDomain(SearchV1.VerifierScore score) => score.OutcomeCase switch
    {
        SearchV1.VerifierScore.OutcomeOneofCase.Value => new ScoreOutcome.Value(score.Value),
        SearchV1.VerifierScore.OutcomeOneofCase.Error => new ScoreOutcome.Missing(score.Error),
        _ => throw new FormatException($"the score of '{score.Verifier}' has neither a value nor an error"),
    };

    /// <exception cref="FormatException">It names no known reason.</exception>
    public static RoundEntry ToDomain(DecidedRound round) =>
        new(round.HasStoppedBefore() ? ToDomain(round.StoppedBefore) : null, round.Interrupted);

    public static VerifierReplacement ToDomain(ReplacedWeights replacement) => new(
        replacement.Verifier,
        replacement.WeightsDigest,
        replacement.Version,
        replacement.ComputeClass,
        replacement.Minimum,
        replacement.Maximum);

    /// <exception cref="FormatException">It is not a known reason.</exception>
    public static DomainStop ToDomain(SearchV1.StopReason reason) => reason switch
    {
        SearchV1.StopReason.BudgetSpent => DomainStop.BudgetSpent,
        SearchV1.StopReason.Completed => DomainStop.Completed,
        SearchV1.StopReason.TargetReached => DomainStop.TargetReached,
        SearchV1.StopReason.TimeLimit => DomainStop.TimeLimit,
        SearchV1.StopReason.Cancelled => DomainStop.Cancelled,
        SearchV1.StopReason.Error => DomainStop.Error,
        SearchV1.StopReason.Hacking => DomainStop.Hacking,
        _ => throw new FormatException($"'{reason}' is not a stop reason"),
    };

    private static bool HasStoppedBefore(this DecidedRound round) => round.StoppedBefore != SearchV1.StopReason.Unspecified;
}
