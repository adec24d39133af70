namespace DiffusionMesh.Inference.Models;

/// <summary>Turns values into pixels: clamp(round(255 (v - low)/(high - low))); halves are rounded to even, NaN is black.</summary>
internal static class PixelMapping
{
    /// <param name="values">[C, H, W].</param>
    /// <param name="shape">Of the image.</param>
    /// <param name="range">[black, white].</param>
    /// <returns>[H, W, C].</returns>
    public static byte[] ToPixels(ReadOnlySpan<float> values, ImageShape shape, IReadOnlyList<double> range)
    {
        var (low, high) = (range[0], range[1]);
        var plane = shape.Height * shape.Width;
        var pixels = new byte[shape.Elements];
        for (var channel = 0; channel < shape.Channels; channel++)
        {
            var source = values.Slice(channel * plane, plane);
            for (var i = 0; i < plane; i++)
            {
                var level = Math.Round((source[i] - low) / (high - low) * 255);
                pixels[(i * shape.Channels) + channel] = double.IsNaN(level) ? (byte)0 : (byte)Math.Clamp(level, 0, 255);
            }
        }

        return pixels;
    }
}
