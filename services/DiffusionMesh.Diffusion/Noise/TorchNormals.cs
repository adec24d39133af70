namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// What torch.randn gives for float32 on a CPU after torch.manual_seed: MT19937 with the low 32 bits of the seed, then
/// Box and Muller's transform, in double and one value at a time for fewer than 16 values, else in single precision on
/// blocks of 16. The same bits on every machine, and torch's to within the accuracy of its own functions.
/// </summary>
internal static class TorchNormals
{
    private const int Block = 16;
    private const int Half = Block / 2;

    public static void Fill(ulong seed, Span<float> destination)
    {
        var words = new MersenneTwister((uint)seed);
        if (destination.Length < Block)
        {
            FillShort(words, destination);
        }
        else
        {
            FillBlocks(words, destination);
        }
    }

    // Both values of a pair are used, one after the other.
    private static void FillShort(MersenneTwister words, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i += 2)
        {
            // Two uniforms k 2^-53; the angle is drawn before the radius, from 1 - u.
            var turn = Next53(words);
            var radius = Math.Sqrt(-2 * PortableFunctions.LogOfDyadic((1UL << 53) - Next53(words), 53));
            var (sin, cos) = PortableFunctions.SinCos(2 * Math.PI * (turn / (double)(1UL << 53)));
            destination[i] = (float)(radius * cos);
            if (i + 1 < destination.Length)
            {
                destination[i + 1] = (float)(radius * sin);
            }
        }
    }

    // All uniforms are drawn before the first is transformed; a last block that is not full is drawn anew, over the end
    // of the block before it.
    private static void FillBlocks(MersenneTwister words, Span<float> destination)
    {
        Draw(words, destination);
        var whole = destination.Length / Block * Block;
        for (var start = 0; start < whole; start += Block)
        {
            Transform(destination.Slice(start, Block));
        }

        if (whole < destination.Length)
        {
            Draw(words, destination[^Block..]);
            Transform(destination[^Block..]);
        }
    }

    // Uniforms k 2^-24.
    private static void Draw(MersenneTwister words, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = (words.Next() & 0xFFFFFF) / (float)(1 << 24);
        }
    }

    // The first half gives the radii, the second half the angles. Rounded to single where torch rounds.
    private static void Transform(Span<float> block)
    {
        for (var j = 0; j < Half; j++)
        {
            var log = (float)PortableFunctions.LogOfDyadic((ulong)((1 - block[j]) * (1 << 24)), 24);
            var radius = MathF.Sqrt(-2 * log);
            var (sin, cos) = PortableFunctions.SinCos(2 * MathF.PI * block[j + Half]);
            block[j] = radius * (float)cos;
            block[j + Half] = radius * (float)sin;
        }
    }

    private static ulong Next53(MersenneTwister words)
    {
        var high = (ulong)words.Next();
        return ((high << 32) | words.Next()) & ((1UL << 53) - 1);
    }
}
