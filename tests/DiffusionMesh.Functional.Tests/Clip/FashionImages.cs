using DiffusionMesh.Imaging;

namespace DiffusionMesh.Functional.Tests.Clip;

/// <summary>Ten real photographs, one of each class in the order of the labels.</summary>
internal static class FashionImages
{
    public static readonly string[] Prompts =
    [
        "a photo of a T-shirt", "a photo of a pair of trousers", "a photo of a pullover", "a photo of a dress", "a photo of a coat",
        "a photo of a sandal", "a photo of a shirt", "a photo of a sneaker", "a photo of a bag", "a photo of an ankle boot",
    ];

    private const int HeaderLength = 16;
    private const int Side = 28;
    private const int PaddedSide = 32;

    /// <summary>As the models were trained: 28 by 28 inside a black margin of 2.</summary>
    public static IReadOnlyList<PixelImage> Padded { get; } = [.. Read().Select(Pad)];

    private static IEnumerable<byte[]> Read()
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Clip", "Fixtures", "first-of-each-class.idx3-ubyte"));
        return file.Skip(HeaderLength).Chunk(Side * Side);
    }

    private static PixelImage Pad(byte[] pixels)
    {
        const int margin = (PaddedSide - Side) / 2;
        var padded = new byte[PaddedSide * PaddedSide];
        for (var y = 0; y < Side; y++)
        {
            pixels.AsSpan(y * Side, Side).CopyTo(padded.AsSpan(((y + margin) * PaddedSide) + margin));
        }

        return new PixelImage(PaddedSide, PaddedSide, 1, padded);
    }
}
