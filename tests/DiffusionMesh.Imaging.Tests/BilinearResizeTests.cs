namespace DiffusionMesh.Imaging.Tests;

public sealed class BilinearResizeTests
{
    // [3, 4]
    private static readonly float[] Image = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];

    // Printed by torch 1.13: interpolate(image[None, None], size=(height, width), mode="bilinear",
    // antialias=True, align_corners=False).
    public static TheoryData<int, int, float[]> TorchResults => new()
    {
        { 2, 2, [3.785714f, 3.196429f, 4.946429f, 5.517858f] },
        { 3, 3, [2.4f, 2.5f, 1.9f, 6.2f, 5.5f, 4.8f, 4.4f, 4.0f, 7.1f] },
        {
            5, 7,
            [
                3.0f, 2.285714f, 1.142857f, 2.5f, 3.785714f, 2.071428f, 1.0f,
                3.8f, 3.942857f, 4.171429f, 3.7f, 3.185714f, 3.071429f, 3.0f,
                5.0f, 6.428572f, 8.714286f, 5.5f, 2.285715f, 4.571429f, 6.0f,
                5.0f, 5.142857f, 5.371428f, 4.6f, 4.042858f, 5.985715f, 7.2f,
                5.0f, 4.285714f, 3.142857f, 4.0f, 5.214286f, 6.928572f, 8.0f,
            ]
        },
    };

    [Theory]
    [MemberData(nameof(TorchResults))]
    public void Resize_AnySize_AgreesWithTorch(int height, int width, float[] expected)
    {
        var resized = BilinearResize.Resize(Image, 4, 3, 1, width, height);

        Assert.Equal(expected.Length, resized.Length);
        Assert.All(expected.Zip(resized), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
    }

    [Fact]
    public void Resize_ToTheSameSize_KeepsEveryBit() => Assert.Equal(Image, BilinearResize.Resize(Image, 4, 3, 1, 4, 3));

    [Fact]
    public void Resize_Channels_AreResizedApart()
    {
        var colours = Image.SelectMany(value => new[] { value, -value, 7f }).ToArray();

        var resized = BilinearResize.Resize(colours, 4, 3, 3, 9, 2);

        var alone = BilinearResize.Resize(Image, 4, 3, 1, 9, 2);
        Assert.Equal(alone, resized.Where((_, i) => i % 3 == 0));
        Assert.Equal(alone.Select(value => -value), resized.Where((_, i) => i % 3 == 1));
        Assert.All(resized.Where((_, i) => i % 3 == 2), value => Assert.Equal(7f, value, 1e-6f));
    }

    [Fact]
    public void Resize_SizesThatDoNotMatch_AreRefused() =>
        Assert.Throws<ArgumentException>(() => BilinearResize.Resize(Image, 5, 3, 1, 2, 2));
}
