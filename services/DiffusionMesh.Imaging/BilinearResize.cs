namespace DiffusionMesh.Imaging;

/// <summary>
/// Bilinear resampling with half-pixel centres: pixel i of n covers [i, i + 1) of a line of length n.
/// </summary>
/// <remarks>
/// Shrinking widens the triangle kernel by the scale (antialiasing); beyond the border the kernel is
/// cut off and its weights are renormalised. The convention of Pillow's <c>BILINEAR</c> and of
/// PyTorch's <c>interpolate(mode="bilinear", antialias=True, align_corners=False)</c>. Sums run in
/// double in a fixed order, so that the result is the same on every machine.
/// </remarks>
public static class BilinearResize
{
    /// <summary>Resizes; an image that has the size already is copied bit for bit.</summary>
    /// <param name="pixels">[H, W, C], any unit.</param>
    /// <param name="width">Width of <paramref name="pixels"/>.</param>
    /// <param name="height">Height of <paramref name="pixels"/>.</param>
    /// <param name="channels">C, at least 1.</param>
    /// <param name="newWidth">Width of the result.</param>
    /// <param name="newHeight">Height of the result.</param>
    /// <returns>[newHeight, newWidth, C].</returns>
    /// <exception cref="ArgumentException">The sizes do not match the pixels.</exception>
    public static float[] Resize(
        ReadOnlySpan<float> pixels, int width, int height, int channels, int newWidth, int newHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(newWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(newHeight, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if ((Int128)width * height * channels != pixels.Length)
        {
            throw new ArgumentException($"{pixels.Length} values are no [{height}, {width}, {channels}].", nameof(pixels));
        }

        var wide = width == newWidth ? pixels : ResizeAxis(pixels, height, width, newWidth, channels);
        return height == newHeight ? wide.ToArray() : ResizeAxis(wide, 1, height, newHeight, newWidth * channels);
    }

    // [outer, length, inner] -> [outer, newLength, inner]
    private static float[] ResizeAxis(ReadOnlySpan<float> source, int outer, int length, int newLength, int inner)
    {
        var result = new float[outer * newLength * inner];
        for (var i = 0; i < newLength; i++)
        {
            var (first, weights) = Kernel(i, length, newLength);
            for (var o = 0; o < outer; o++)
            {
                for (var c = 0; c < inner; c++)
                {
                    var sum = 0.0;
                    for (var k = 0; k < weights.Length; k++)
                    {
                        sum += weights[k] * source[(((o * length) + first + k) * inner) + c];
                    }

                    result[(((o * newLength) + i) * inner) + c] = (float)sum;
                }
            }
        }

        return result;
    }

    private static (int First, double[] Weights) Kernel(int index, int length, int newLength)
    {
        var scale = (double)length / newLength;
        var radius = Math.Max(scale, 1.0);
        var centre = (index + 0.5) * scale;
        var first = Math.Max(0, (int)Math.Floor(centre - radius));
        var end = Math.Min(length, (int)Math.Ceiling(centre + radius));

        var weights = new double[end - first];
        var total = 0.0;
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = Math.Max(0.0, 1.0 - (Math.Abs(first + k + 0.5 - centre) / radius));
            total += weights[k];
        }

        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] /= total;
        }

        return (first, weights);
    }
}
