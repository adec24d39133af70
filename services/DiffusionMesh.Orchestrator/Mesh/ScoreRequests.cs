using System.Globalization;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using Google.Protobuf;
using Candidate = DiffusionMesh.Contracts.VerifierV1.Candidate;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Writes samples as verifiers take them. Candidates are named by their position.</summary>
internal static class ScoreRequests
{
    // More than names and numbers take beside the pixels of an image, and more than a condition does.
    private const long FramingBytes = 1 << 10;
    private const long ConditionBytes = 1 << 16;

    // What a verifier gets that does not say what it needs: the finished sample.
    private static readonly ImageRequirement[] FinishedSample = [new() { Name = "final", Kind = ImageKind.Final }];

    public static ScoreRequest Of(
        Verifier description,
        VerifierChoice choice,
        IReadOnlyList<SampledSegment> samples,
        Condition? condition)
    {
        var needs = Needs(description);
        return new ScoreRequest
        {
            Condition = ConditionMapping.ToMessage(condition),
            WeightsDigest = choice.WeightsDigest,
            State = UnsafeByteOperations.UnsafeWrap(choice.State),
            Candidates = { samples.Select((sample, position) => Candidate(sample, position, needs)) },
        };
    }

    /// <summary>How many candidates like this one a message can hold.</summary>
    public static long CandidatesWithin(long messageBytes, Verifier description, VerifierChoice choice, SampledSegment sample)
    {
        var candidate = FramingBytes + Needs(description).Sum(need => FramingBytes + ImageOf(sample, need).Pixels.Length);
        return (messageBytes - ConditionBytes - choice.State.Length) / candidate;
    }

    private static Candidate Candidate(SampledSegment sample, int position, IReadOnlyList<ImageRequirement> needs) => new()
    {
        Id = position.ToString(CultureInfo.InvariantCulture),
        Images = { needs.Select(need => Image(sample, need)) },
    };

    private static IReadOnlyList<ImageRequirement> Needs(Verifier description) =>
        description.Images.Count == 0 ? FinishedSample : description.Images;

    // An x-prediction that stands for a draft goes by the name and kind of the finished sample: that is what it predicts.
    private static NamedImage Image(SampledSegment sample, ImageRequirement need) => need.Kind == ImageKind.XPrediction
        ? new NamedImage
        {
            Name = need.Name,
            Kind = ImageKind.XPrediction,
            NoiseLevel = Prediction(sample, need).Level,
            Image = Pixels(Prediction(sample, need).Image),
        }
        : new NamedImage { Name = need.Name, Kind = ImageKind.Final, Image = Pixels(sample.Image) };

    private static SampleImage ImageOf(SampledSegment sample, ImageRequirement need) =>
        need.Kind == ImageKind.XPrediction ? Prediction(sample, need).Image : sample.Image;

    private static XPrediction Prediction(SampledSegment sample, ImageRequirement need) =>
        sample.XPredictions.First(made => made.RequestedLevel == need.NoiseLevel);

    private static Contracts.TensorV1.Tensor Pixels(SampleImage image) =>
        TensorMapping.ToMessage(image.Pixels, image.Height, image.Width, image.Channels);
}
