using System.Collections.Immutable;

namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// The address of one draw of standard normal noise: the same address names the same values on every machine.
/// Addresses are equal if seed, lineage and generator are.
/// </summary>
/// <param name="Seed">What the whole search was seeded with.</param>
/// <param name="Lineage">Path from the seed to the draw, for example [round, candidate].</param>
public sealed record NoiseAddress(ulong Seed, ImmutableArray<uint> Lineage)
{
    /// <summary>Most elements that a lineage may have.</summary>
    public const int MaxLineage = 64;

    // Word 3 of the counter keeps the uses of a key apart: blocks of a draw, keys of longer lineages, uniform numbers and
    // the noise of steps.
    private const uint DrawStream = 0;
    private const uint FoldStream = 1;
    private const uint UniformStream = 2;
    private const uint StepStream = 3;

    public ImmutableArray<uint> Lineage { get; init; } = Lineage.IsDefault ? [] : Lineage;

    /// <summary>What makes the values of <see cref="Fill"/>; steps and uniform numbers always come from Philox.</summary>
    public NoiseGenerator Generator { get; init; }

    public static NoiseAddress Of(ulong seed, params ReadOnlySpan<uint> lineage) => new(seed, [.. lineage]);

    /// <summary>What torch.randn gives on a CPU after torch.manual_seed: see <see cref="TorchNormals"/>.</summary>
    public static NoiseAddress Torch(ulong seed) => new(seed, []) { Generator = NoiseGenerator.TorchCpu };

    /// <summary>
    /// Fills the destination with standard normal values. A shorter destination gets a prefix of what a longer one gets,
    /// except from torch's generator, where the length matters.
    /// </summary>
    /// <exception cref="InvalidOperationException">An address of torch's has a lineage.</exception>
    /// <remarks>
    /// The key is the seed (low, high word). Each element e of the lineage replaces it by the first two words of
    /// Philox(counter = (e, 0, 0, 1), key). Block b, of values 4b to 4b+3, is Philox(counter = (b, 0, 0, 0), key).
    /// </remarks>
    public void Fill(Span<float> destination)
    {
        if (Generator == NoiseGenerator.Philox)
        {
            FillFromPhilox(destination, 0, DrawStream);
        }
        else if (Lineage.IsEmpty)
        {
            TorchNormals.Fill(Seed, destination);
        }
        else
        {
            throw new InvalidOperationException("torch's generator has no lineage: leave it empty");
        }
    }

    /// <summary>
    /// Fills the destination with the standard normal values of the step that lands at a noise level, independent of
    /// those at this address and of those of other levels.
    /// </summary>
    /// <remarks>Block b is Philox(counter = (b, round(level (2^32 - 1)), 0, 3), key).</remarks>
    /// <param name="noiseLevel">In [0, 1].</param>
    /// <param name="destination">One value for each element of the state.</param>
    public void FillStep(double noiseLevel, Span<float> destination) =>
        FillFromPhilox(destination, (uint)Math.Round(noiseLevel * uint.MaxValue), StepStream);

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
        other is not null && Seed == other.Seed && Generator == other.Generator && Lineage.AsSpan().SequenceEqual(other.Lineage.AsSpan());

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Seed);
        hash.Add(Generator);
        foreach (var element in Lineage)
        {
            hash.Add(element);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"{(Generator == NoiseGenerator.TorchCpu ? "torch:" : "")}{Seed}[{string.Join(',', Lineage)}]";

    private void FillFromPhilox(Span<float> destination, uint word, uint stream)
    {
        var key = Key();
        Span<float> block = stackalloc float[4];
        for (var start = 0; start < destination.Length; start += block.Length)
        {
            NormalPairs.FromBits(Philox4x32.Generate(new PhiloxBlock((uint)(start / 4), word, 0, stream), key), block);
            var rest = destination[start..];
            block[..Math.Min(block.Length, rest.Length)].CopyTo(rest);
        }
    }

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

/// <summary>What makes noise of an address.</summary>
public enum NoiseGenerator
{
    /// <summary>Philox4x32-10 and Box and Muller's transform: the product's own.</summary>
    Philox = 0,

    /// <summary>torch.manual_seed(seed), then torch.randn on a CPU.</summary>
    TorchCpu = 1,
}
