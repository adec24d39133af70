using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Requests;

/// <summary>Reads latents [C, H, W] of a model, of any size that it can work on.</summary>
internal sealed class LatentReader(DiffusionModel model, int maxPixels)
{
    /// <summary>Checks a latent; nothing is allocated for it before it is good.</summary>
    /// <returns>The latent, or null if a violation was added.</returns>
    public Latent? Read(Tensor? tensor, string field, FieldViolations violations)
    {
        var channels = model.Shape.Channels;
        if (!TensorMapping.Validate(tensor, field, violations, DataType.Fp32, (long)channels * maxPixels))
        {
            return null;
        }

        var multiple = model.Manifest.Latent.SpatialMultiple;
        var good = tensor!.Shape is [var c, var h, var w] && c == channels && h % multiple == 0 && w % multiple == 0 && h * w <= maxPixels;
        if (!violations.Require(
            good,
            field + ".shape",
            $"is [{string.Join(", ", tensor.Shape)}]; send [{channels}, H, W] with H and W in multiples of {multiple} and at most {maxPixels} positions, for example {model.Shape}"))
        {
            return null;
        }

        var values = new float[tensor.Data.Length / sizeof(float)];
        TensorMapping.CopyTo(tensor, values);
        return violations.Require(Array.TrueForAll(values, float.IsFinite), field + ".data", "holds values that are not finite")
            ? new Latent(values, new LatentShape(channels, (int)tensor.Shape[1], (int)tensor.Shape[2]))
            : null;
    }
}

/// <summary>A state and its shape.</summary>
internal sealed record Latent(float[] Values, LatentShape Shape);
