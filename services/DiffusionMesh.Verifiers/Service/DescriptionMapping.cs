using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Verifiers.Scoring;
using ConditionKind = DiffusionMesh.Verifiers.Scoring.ConditionKind;
using ConditionKindMessage = DiffusionMesh.Contracts.VerifierV1.ConditionKind;

namespace DiffusionMesh.Verifiers.Service;

internal static class DescriptionMapping
{
    public static Verifier ToMessage(ScorerDescription description, int maxBatchSize)
    {
        var (height, width, channels) = description.InputShape;
        var message = new Verifier
        {
            Name = description.Name,
            Version = description.Version,
            WeightsDigest = description.WeightsDigest,
            Minimum = description.Minimum,
            Maximum = description.Maximum,
            HigherIsBetter = description.HigherIsBetter,
            ConditionKinds = { description.Conditions.Select(ToMessage) },
            Images = { description.Images.Select(ToMessage) },
            NeedsState = description.NeedsState,
            InputShape = { height, width, channels },
            MaxBatchSize = maxBatchSize,
            ComputeClass = description.ComputeClass,
            Description = description.Description,
            License = description.License,
        };
        if (description.RealMean is { } mean)
        {
            message.RealMean = mean;
        }

        if (description.RealStandardDeviation is { } deviation)
        {
            message.RealStandardDeviation = deviation;
        }

        return message;
    }

    private static ImageRequirement ToMessage(RequiredImage image) => new()
    {
        Name = image.Name,
        Kind = image.PredictedAt is null ? ImageKind.Final : ImageKind.XPrediction,
        NoiseLevel = image.PredictedAt ?? 0,
    };

    private static ConditionKindMessage ToMessage(ConditionKind kind) => kind switch
    {
        ConditionKind.None => ConditionKindMessage.None,
        ConditionKind.Prompt => ConditionKindMessage.Prompt,
        ConditionKind.ClassLabel => ConditionKindMessage.Class,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of condition"),
    };
}
