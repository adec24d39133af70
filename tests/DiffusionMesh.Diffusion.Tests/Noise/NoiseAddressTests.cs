using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Diffusion.Tests.Noise;

public class NoiseAddressTests
{
    // float32 bits printed by golden/normals.py (mpmath 1.3.0, 60 digits).
    public static TheoryData<ulong, uint[], int, uint> Golden => new()
    {
        { 0UL, [], 0, 0x3f7dbb33 }, // 0.99113767993038582
        { 0UL, [], 1, 0xbf6cb6b0 }, // -0.92466258766553498
        { 0UL, [], 2, 0xbf1e1b9f }, // -0.61760895945919061
        { 0UL, [], 3, 0xbef6d1b2 }, // -0.48206858748717966
        { 0UL, [], 4, 0xbe1d5357 }, // -0.15363823029788255
        { 0UL, [], 1023, 0xbfb62bf1 }, // -1.4232159717739679
        { 0UL, [], 65537, 0xbf46ee3e }, // -0.77707281169958464
        { 0UL, [0u], 0, 0x3fa4b2b0 }, // 1.2867030573716266
        { 0UL, [0u], 1, 0x3f3cacbc }, // 0.73701073169382367
        { 0UL, [0u], 2, 0x3f1dea35 }, // 0.61685498477877256
        { 0UL, [0u], 3, 0xbf3140f2 }, // -0.69239721241118324
        { 0UL, [0u], 4, 0x3fce2361 }, // 1.6104547323205461
        { 0UL, [0u], 1023, 0x3f938343 }, // 1.1524432445406487
        { 0UL, [0u], 65537, 0x3e81a069 }, // 0.25317695835704521
        { 0UL, [0u, 0u], 0, 0x3f848033 }, // 1.0351622901324241
        { 0UL, [0u, 0u], 1, 0x3f458326 }, // 0.77153244155863225
        { 0UL, [0u, 0u], 2, 0x3e1c9b06 }, // 0.15293511282455585
        { 0UL, [0u, 0u], 3, 0x3f5ee165 }, // 0.87062677359710043
        { 0UL, [0u, 0u], 4, 0xbf0ed582 }, // -0.55794534461185746
        { 0UL, [0u, 0u], 1023, 0x3f6ff85a }, // 0.93738330408770452
        { 0UL, [0u, 0u], 65537, 0xbe5b5e95 }, // -0.21422798708726373
        { 42UL, [3u, 17u], 0, 0x3fa73600 }, // 1.306335421738573
        { 42UL, [3u, 17u], 1, 0xbe67ee23 }, // -0.226494352011691
        { 42UL, [3u, 17u], 2, 0xbeb569d7 }, // -0.35432311409668807
        { 42UL, [3u, 17u], 3, 0x3fb990ab }, // 1.4497274034035874
        { 42UL, [3u, 17u], 4, 0x40136406 }, // 2.3029800430475072
        { 42UL, [3u, 17u], 1023, 0x3fc535e9 }, // 1.5407076860782774
        { 42UL, [3u, 17u], 65537, 0x3fdf1144 }, // 1.7427143699828226
        { 18364758544493064720UL, [1u, 4294967295u, 7u], 0, 0xbed5f6ba }, // -0.41789800719982581
        { 18364758544493064720UL, [1u, 4294967295u, 7u], 1, 0xbfd8484b }, // -1.6897062644762132
        { 18364758544493064720UL, [1u, 4294967295u, 7u], 2, 0xbf447469 }, // -0.76740124878367927
        { 18364758544493064720UL, [1u, 4294967295u, 7u], 3, 0xbe7a6af7 }, // -0.24454865772287385
        { 18364758544493064720UL, [1u, 4294967295u, 7u], 4, 0x3e362b09 }, // 0.17789853475990813
        { 18364758544493064720UL, [1u, 4294967295u, 7u], 1023, 0xbf76f960 }, // -0.96474268529667482
        { 18364758544493064720UL, [1u, 4294967295u, 7u], 65537, 0x3f6964b6 }, // 0.91169297826390859
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Fill_KnownAddress_GivesGoldenBits(ulong seed, uint[] lineage, int index, uint bits)
    {
        var values = Values(NoiseAddress.Of(seed, lineage), index + 1);

        Assert.Equal(bits, BitConverter.SingleToUInt32Bits(values[index]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(1022)]
    [InlineData(1024)]
    public void Fill_ShorterDestination_GivesPrefix(int length)
    {
        var address = NoiseAddress.Of(7, 1, 2);

        Assert.Equal(Values(address, 4096)[..length], Values(address, length));
    }

    [Fact]
    public void Fill_OtherAddressesDrawnBefore_GivesSameBits()
    {
        var alone = Values(NoiseAddress.Of(5, 3), 100);

        var afterOthers = Enumerable.Range(0, 8).Select(i => Values(NoiseAddress.Of(5, (uint)(7 - i)), 100)).ElementAt(4);

        Assert.Equal(alone, afterOthers);
    }

    [Fact]
    public void Fill_LongDraw_HasMomentsOfStandardNormal()
    {
        var values = Values(NoiseAddress.Of(2026, 11), 1_000_000);
        var mean = values.Average(v => (double)v);
        var moments = Enumerable.Range(0, 5).Select(k => values.Average(v => Math.Pow(v - mean, k))).ToArray();

        // Five standard errors each.
        Assert.InRange(mean, -.005, .005);
        Assert.InRange(moments[2], 1 - .0071, 1 + .0071);
        Assert.InRange(moments[3], -.0123, .0123);
        Assert.InRange(moments[4], 3 - .049, 3 + .049);
    }

    [Fact]
    public void Uniform_ManyAddresses_IsUniform()
    {
        var sorted = Enumerable.Range(0, 20_000).Select(i => NoiseAddress.Of(5, (uint)i).Uniform()).Order().ToArray();
        var distance = sorted
            .Select((u, i) => Math.Max(((i + 1.0) / sorted.Length) - u, u - ((double)i / sorted.Length)))
            .Max();

        Assert.InRange(sorted[0], 0, 1);
        Assert.InRange(sorted[^1], 0, Math.BitDecrement(1.0));
        Assert.True(distance < 1.95 / Math.Sqrt(sorted.Length), $"distance {distance}");
        Assert.Equal(NoiseAddress.Of(5, 3).Uniform(), NoiseAddress.Of(5, 3).Uniform());
    }

    [Fact]
    public void Fill_LongDraw_PassesKolmogorovSmirnov()
    {
        var sorted = Values(NoiseAddress.Of(99), 100_000).Order().ToArray();
        var distance = sorted
            .Select((v, i) => Math.Max(((i + 1.0) / sorted.Length) - NormalCdf(v), NormalCdf(v) - ((double)i / sorted.Length)))
            .Max();

        // Significance 1e-3: 1.95 / sqrt(n).
        Assert.True(distance < 1.95 / Math.Sqrt(sorted.Length), $"distance {distance}");
    }

    [Fact]
    public void Fill_NeighbouringAddresses_AreUncorrelated()
    {
        const int Length = 20_000;
        NoiseAddress[] addresses =
        [
            NoiseAddress.Of(0), NoiseAddress.Of(1), NoiseAddress.Of(1UL << 32), NoiseAddress.Of(0, 0), NoiseAddress.Of(0, 1),
            NoiseAddress.Of(0, 0, 0), NoiseAddress.Of(0, 0, 1), NoiseAddress.Of(0, 1, 0),
        ];
        var draws = addresses.Select(a => Values(a, Length)).ToArray();

        for (var i = 0; i < draws.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var correlation = draws[i].Zip(draws[j], (a, b) => (double)a * b).Average();
                Assert.True(Math.Abs(correlation) < 5 / Math.Sqrt(Length), $"{addresses[i]} and {addresses[j]}: {correlation}");
            }
        }
    }

    // Addresses and levels that could share counters: each pair must look independent.
    [Fact]
    public void FillStep_OtherLevelsAndUses_AreUncorrelated()
    {
        const int Length = 20_000;
        var draws = new List<float[]> { Values(NoiseAddress.Of(7), Length), Values(NoiseAddress.Of(7, 0), Length), Step(8, .5) };
        draws.AddRange(new[] { 0, 1e-9, .002, .0021, .5, .500001, 1 }.Select(level => Step(7, level)));

        for (var i = 0; i < draws.Count; i++)
        {
            Assert.Equal(1, draws[i].Average(v => (double)v * v), 5 * Math.Sqrt(2.0 / Length));
            for (var j = 0; j < i; j++)
            {
                var correlation = draws[i].Zip(draws[j], (a, b) => (double)a * b).Average();
                Assert.True(Math.Abs(correlation) < 5 / Math.Sqrt(Length), $"{i} and {j}: {correlation}");
            }
        }

        Assert.Equal(Step(7, .5), Step(7, .5 + 1e-12));

        static float[] Step(ulong seed, double level)
        {
            var values = new float[Length];
            NoiseAddress.Of(seed).FillStep(level, values);
            return values;
        }
    }

    // By definition: word 1 of the counter is the level in 32 bits, word 3 the stream.
    [Fact]
    public void FillStep_OneLevel_IsTheDocumentedBlock()
    {
        var (values, expected) = (new float[4], new float[4]);

        NoiseAddress.Of(0x1234567800000009).FillStep(.25, values);

        NormalPairs.FromBits(
            Philox4x32.Generate(new PhiloxBlock(0, 0x40000000, 0, 3), new PhiloxKey(9, 0x12345678)), expected);
        Assert.Equal(expected, values);
    }

    [Fact]
    public void Equals_SameSeedAndLineage_IsTrue()
    {
        Assert.Equal(NoiseAddress.Of(1, 2, 3), NoiseAddress.Of(1, 2, 3));
        Assert.Equal(NoiseAddress.Of(1, 2, 3).GetHashCode(), NoiseAddress.Of(1, 2, 3).GetHashCode());
        Assert.Equal(NoiseAddress.Of(1), new NoiseAddress(1, default));
        Assert.NotEqual(NoiseAddress.Of(1, 2, 3), NoiseAddress.Of(1, 3, 2));
        Assert.NotEqual(NoiseAddress.Of(1, 2), NoiseAddress.Of(1, 2, 0));
        Assert.NotEqual(NoiseAddress.Of(1, 2), NoiseAddress.Of(2, 2));
    }

    private static float[] Values(NoiseAddress address, int length)
    {
        var values = new float[length];
        address.Fill(values);
        return values;
    }

    // Zelen and Severo's approximation 26.2.17 (Abramowitz and Stegun), error below 7.5e-8.
    private static double NormalCdf(double x)
    {
        var t = 1 / (1 + (.2316419 * Math.Abs(x)));
        var tail = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)
            * t * (.319381530 + (t * (-.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return x >= 0 ? 1 - tail : tail;
    }
}
