namespace DiffusionMesh.Metrics.Tests;

/// <summary>Vectors that a script in another language makes as well: see Fixtures/fid_golden.py.</summary>
internal static class Features
{
    /// <returns>[N, D].</returns>
    public static float[] Of(int count, int dimension, int seed)
    {
        var features = new float[count * dimension];
        for (var i = 0; i < features.Length; i++)
        {
            var (n, d) = ((double)(i / dimension), (double)(i % dimension));
            features[i] = (float)(Math.Sin((n * (d + 1)) + seed) + (0.5 * Math.Cos((n * n) + (d * seed))) + (0.1 * seed));
        }

        return features;
    }
}
