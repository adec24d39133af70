using System.Collections.Immutable;

namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// The address of one draw of standard normal noise: the same address names the same values on every machine.
/// Addresses are equal if seed and lineage are.
/// </summary>
/// <param name="Seed">What the whole search was seeded with.</param>
/// <param name="Lineage">Path from the seed to the draw, for example [round, candidate].</param>
public sealed record NoiseAddress(ulong Seed, ImmutableArray<uint> Lineage)
{
    /// <summary>Most elements that a lineage may have.</summary>
    public const int MaxLineage = 64;

    // Word 3 of the counter keeps the uses of a key apart: blocks of a draw, keys of longer lineages, and uniform numbers.
    private const uint DrawStream = 0;
    private const uint FoldStream = 1;
    private const uint UniformStream = 2;

    public ImmutableArray<uint> Lineage { get; init; } = Lineage.IsDefault ? [] : Lineage;

    public static NoiseAddress Of(ulong seed, params ReadOnlySpan<uint> lineage) => new(seed, [.. lineage]);

    /// <summary>
    /// Fills the destination with standard normal values. A shorter destination gets a prefix of what a longer one gets.
    /// </summary>
    /// <remarks>
    /// The key is the seed (low, high word). Each element e of the lineage replaces it by the first two words of
    /// Philox(counter = (e, 0, 0, 1), key). Block b, of values 4b to 4b+3, is Philox(counter = (b, 0, 0, 0), key).
    /// </remarks>
    public void Fill(Span<float> destination)
    {
        var key = Key();
        Span<float> block = stackalloc float[4];
        for (var start = 0; start < destination.Length; start += block.Length)
        {
            NormalPairs.FromBits(Philox4x32.Generate(new PhiloxBlock((uint)(start / 4), 0, 0, DrawStream), key), block);
            var rest = destination[start..];
            block[..Math.Min(block.Length, rest.Length)].CopyTo(rest);
        }
    }

    /// <summary>A uniform number in [0, 1), independent of the noise at this address: for random choices.</summary>
    /// <remarks>
    /// (w0 div 2^5 · 2^26 + w1 div 2^6) / 2^53, with w0 and w1 the first two words of Philox(counter = (0, 0, 0, 2), key).
    /// </remarks>
    public double Uniform()
    {
        var (word0, word1, _, _) = Philox4x32.Generate(new PhiloxBlock(0, 0, 0, UniformStream), Key());
        return (((ulong)(word0 >> 5) << 26) + (word1 >> 6)) * (1.0 / (1UL << 53));
    }

    public bool Equals(NoiseAddress? other) =>
        other is not null && Seed == other.Seed && Lineage.AsSpan().SequenceEqual(other.Lineage.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Seed);
        foreach (var element in Lineage)
        {
            hash.Add(element);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"{Seed}[{string.Join(',', Lineage)}]";

    private PhiloxKey Key()
    {
        var key = new PhiloxKey((uint)Seed, (uint)(Seed >> 32));
        foreach (var element in Lineage)
        {
            var (word0, word1, _, _) = Philox4x32.Generate(new PhiloxBlock(element, 0, 0, FoldStream), key);
            key = new PhiloxKey(word0, word1);
        }

        return key;
    }
}
