using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using XPrediction = DiffusionMesh.Search.Ports.XPrediction;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Reads what the denoiser made of a segment. It is checked, never trusted.</summary>
internal static class SampleResults
{
    /// <returns>Null if something is missing or malformed; the violations say what.</returns>
    public static SampledSegment? Read(SampleResult result, Segment segment, FieldViolations violations)
    {
        var image = Image(result.Image, "image", violations);
        var state = segment.ToLevel > 0 ? State(result.Latent, violations) : null;
        var predictions = XPredictions(result, segment, violations);
        return violations.Any
            ? null
            : new SampledSegment(image!, result.Nfe, result.NetworkRows, result.Decodes) { State = state, XPredictions = predictions };
    }

    private static SampleImage? Image(Tensor? tensor, string field, FieldViolations violations)
    {
        if (!TensorMapping.Validate(tensor, field, violations, DataType.Uint8, int.MaxValue)
            || !violations.Require(tensor!.Shape.Count == 3, field + ".shape", "is not [H, W, C]"))
        {
            return null;
        }

        var shape = tensor.Shape;
        return new SampleImage(TensorMapping.Pixels(tensor), (int)shape[0], (int)shape[1], (int)shape[2]);
    }

    private static LatentState? State(Tensor? tensor, FieldViolations violations)
    {
        const string Field = "latent";
        if (!TensorMapping.Validate(tensor, Field, violations, DataType.Fp32, int.MaxValue)
            || !violations.Require(tensor!.Shape.Count == 3, Field + ".shape", "is not [C, H, W]"))
        {
            return null;
        }

        var shape = tensor.Shape;
        return new LatentState(tensor.Data.Memory, (int)shape[0], (int)shape[1], (int)shape[2]);
    }

    private static ImmutableArray<XPrediction> XPredictions(SampleResult result, Segment segment, FieldViolations violations)
    {
        var predictions = ImmutableArray.CreateBuilder<XPrediction>();
        foreach (var level in segment.XPredictionLevels)
        {
            const string Field = "x_predictions";
            var prediction = result.XPredictions.FirstOrDefault(made => made.RequestedNoiseLevel == level);
            if (violations.Require(prediction is not null, Field, FormattableString.Invariant($"lacks the one at noise level {level}"))
                && Image(prediction!.Image, Field + ".image", violations) is { } image)
            {
                predictions.Add(new XPrediction(level, prediction.NoiseLevel, image));
            }
        }

        return predictions.ToImmutable();
    }
}
