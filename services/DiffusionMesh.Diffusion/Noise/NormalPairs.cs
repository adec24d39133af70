namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// Standard normal values by Box and Muller's transform (1958): r = sqrt(-2 ln u), (r cos 2πv, r sin 2πv), computed in
/// double and rounded to float at the end.
/// </summary>
internal static class NormalPairs
{
    /// <summary>Turns four words w into four values, by way of the uniforms (w + 1/2) 2^-32 in (0, 1).</summary>
    public static void FromBits(PhiloxBlock bits, Span<float> four)
    {
        Pair(bits.Word0, bits.Word1, out four[0], out four[1]);
        Pair(bits.Word2, bits.Word3, out four[2], out four[3]);
    }

    private static void Pair(uint wordOfRadius, uint wordOfAngle, out float first, out float second)
    {
        var radius = Math.Sqrt(-2 * PortableFunctions.LogOfUniform(wordOfRadius));
        var (sin, cos) = PortableFunctions.SinCosOfTurn(wordOfAngle);
        first = (float)(radius * cos);
        second = (float)(radius * sin);
    }
}
