namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as
/// 1, 2, 3" (SC 2011): a bijection of 128-bit counters, keyed by 64 bits.
/// </summary>
public static class Philox4x32
{
    private const int Rounds = 10;

    // Table 2 of the paper: the multipliers, and the Weyl increments of the key (golden ratio, sqrt(3) - 1).
    private const ulong Multiplier0 = 0xD2511F53;
    private const ulong Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    /// <summary>Four random words for one counter under one key.</summary>
    public static PhiloxBlock Generate(PhiloxBlock counter, PhiloxKey key)
    {
        var (x0, x1, x2, x3) = counter;
        var (k0, k1) = key;
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = Multiplier0 * x0;
            var product1 = Multiplier1 * x2;
            x0 = (uint)(product1 >> 32) ^ x1 ^ k0;
            x1 = (uint)product1;
            x2 = (uint)(product0 >> 32) ^ x3 ^ k1;
            x3 = (uint)product0;
            k0 = unchecked(k0 + Weyl0);
            k1 = unchecked(k1 + Weyl1);
        }

        return new PhiloxBlock(x0, x1, x2, x3);
    }
}

/// <summary>Four 32-bit words: a counter, or what it is mapped to.</summary>
public readonly record struct PhiloxBlock(uint Word0, uint Word1, uint Word2, uint Word3);

/// <summary>The key: two 32-bit words.</summary>
public readonly record struct PhiloxKey(uint Word0, uint Word1);
