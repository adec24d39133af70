using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Imaging;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>Images as they come in requests: [H, W, C], uint8, grey or RGB.</summary>
internal static class ImageTensors
{
    /// <summary>Checks an image before anything is allocated for it.</summary>
    public static void Require(Tensor? image, string field, VerifierOptions limits, FieldViolations violations)
    {
        if (!TensorMapping.Validate(image, field, violations, DataType.Uint8, 3L * limits.MaxImagePixels))
        {
            return;
        }

        var shape = image!.Shape;
        if (violations.Require(
            shape.Count == 3 && shape[2] is 1 or 3,
            field + ".shape",
            $"is [{string.Join(", ", shape)}]; send [height, width, channels] with 1 (grey) or 3 (RGB) channels"))
        {
            violations.Require(
                shape[0] * shape[1] <= limits.MaxImagePixels,
                field + ".shape",
                $"is [{string.Join(", ", shape)}]; at most {limits.MaxImagePixels} pixels are accepted");
        }
    }

    /// <summary>The pixels of an image that was found good, not copied.</summary>
    public static PixelImage ToPixels(Tensor image) =>
        new((int)image.Shape[1], (int)image.Shape[0], (int)image.Shape[2], TensorMapping.Pixels(image));
}
