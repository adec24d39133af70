namespace DiffusionMesh.Search.Guarding;

/// <summary>How far images lie apart.</summary>
public static class ImageDistance
{
    /// <summary>Root mean square over the pixels, in 0 (equal) to 1 (black against white).</summary>
    /// <param name="left">Of the size of <paramref name="right"/>.</param>
    public static double Between(SampleImage left, SampleImage right)
    {
        var a = left.Pixels.Span;
        var b = right.Pixels.Span;
        ArgumentOutOfRangeException.ThrowIfNotEqual(a.Length, b.Length, nameof(left));
        var sum = 0L;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            sum += difference * difference;
        }

        return Math.Sqrt((double)sum / a.Length) / byte.MaxValue;
    }

    /// <summary>Mean over all pairs; 0 if there is none.</summary>
    public static double MeanOfPairs(IReadOnlyList<SampleImage> images)
    {
        var sum = 0.0;
        for (var i = 0; i < images.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                sum += Between(images[i], images[j]);
            }
        }

        return images.Count < 2 ? 0 : sum / (images.Count * (images.Count - 1) / 2.0);
    }
}
