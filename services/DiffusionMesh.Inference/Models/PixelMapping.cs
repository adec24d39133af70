using DiffusionMesh.Inference.Manifests;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// Turns finished states of a model that works on pixels into images: pixel = clamp(round(255 (v - low)/(high - low)))
/// with v = latent / scale + shift; halves are rounded to even, NaN is black.
/// </summary>
internal static class PixelMapping
{
    /// <param name="latent">[C, H, W].</param>
    /// <returns>[H, W, C].</returns>
    public static byte[] ToPixels(ReadOnlySpan<float> latent, LatentShape shape, LatentSpec latents, ImageSpec image)
    {
        var (low, high) = (image.Range[0], image.Range[1]);
        var plane = shape.Height * shape.Width;
        var pixels = new byte[latent.Length];
        for (var i = 0; i < latent.Length; i++)
        {
            var v = (latent[i] / latents.Scale) + latents.Shift;
            var level = Math.Round((v - low) / (high - low) * 255);
            pixels[(i % plane * shape.Channels) + (i / plane)] = double.IsNaN(level) ? (byte)0 : (byte)Math.Clamp(level, 0, 255);
        }

        return pixels;
    }
}
