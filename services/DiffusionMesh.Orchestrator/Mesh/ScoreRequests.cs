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
    // What a verifier gets that does not say what it needs: the finished sample.
    private static readonly ImageRequirement[] FinishedSample = [new() { Name = "final", Kind = ImageKind.Final }];

    public static ScoreRequest Of(
        Verifier description,
        VerifierChoice choice,
        IReadOnlyList<SampledSegment> samples,
        Condition? condition)
    {
        IReadOnlyList<ImageRequirement> needs = description.Images.Count == 0 ? FinishedSample : description.Images;
        return new ScoreRequest
        {
            Condition = ConditionMapping.ToMessage(condition),
            WeightsDigest = choice.WeightsDigest,
            State = UnsafeByteOperations.UnsafeWrap(choice.State),
            Candidates = { samples.Select((sample, position) => Candidate(sample, position, needs)) },
        };
    }

    private static Candidate Candidate(SampledSegment sample, int position, IReadOnlyList<ImageRequirement> needs) => new()
    {
        Id = position.ToString(CultureInfo.InvariantCulture),
        Images = { needs.Select(need => Image(sample, need)) },
    };

    // An x-prediction that stands for a draft goes by the name and kind of the finished sample: that is what it predicts.
    private static NamedImage Image(SampledSegment sample, ImageRequirement need)
    {
        if (need.Kind != ImageKind.XPrediction)
        {
            return new NamedImage { Name = need.Name, Kind = ImageKind.Final, Image = Pixels(sample.Image) };
        }

        var prediction = sample.XPredictions.First(made => made.RequestedLevel == need.NoiseLevel);
        return new NamedImage
        {
            Name = need.Name,
            Kind = ImageKind.XPrediction,
            NoiseLevel = prediction.Level,
            Image = Pixels(prediction.Image),
        };
    }

    private static Contracts.TensorV1.Tensor Pixels(SampleImage image) =>
        TensorMapping.ToMessage(image.Pixels, image.Height, image.Width, image.Channels);
}
