namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>Cosine similarity, summed in double and in order: the same bits on every machine.</summary>
internal static class Cosine
{
    /// <returns>In [-1, 1]; NaN if an embedding is zero or not finite.</returns>
    public static double Between(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Math.Clamp(Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b)), -1, 1);

    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }
}
