using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>
/// decoder-half.onnx is the decoder of fashion-latent as models/training/half.py rewrites it: float16 inside, float32
/// outside.
/// </summary>
public sealed class HalfTests : IDisposable
{
    private readonly InferenceSession _single = new(Path.Combine(ModelFolderCopy.Originals, "fashion-latent", "decoder.onnx"));
    private readonly InferenceSession _half = new(Path.Combine(AppContext.BaseDirectory, "Networks", "decoder-half.onnx"));

    public void Dispose()
    {
        _single.Dispose();
        _half.Dispose();
    }

    [Fact]
    public void RewrittenNetwork_KeepsItsInterface()
    {
        Assert.Equal(Interface(_single.InputMetadata), Interface(_half.InputMetadata));
        Assert.Equal(Interface(_single.OutputMetadata), Interface(_half.OutputMetadata));
    }

    // Half a grey level of 256 is 4e-3 in [-1, 1].
    [Theory]
    [InlineData(8, 8)]
    [InlineData(12, 6)]
    public void RewrittenNetwork_GivesTheSameImages(int height, int width)
    {
        var (expected, got) = (Decode(_single, height, width), Decode(_half, height, width));

        Assert.Equal(16 * height * width, got.Length);
        Assert.InRange(expected.Zip(got, (a, b) => Math.Abs(a - b)).Max(), 1e-7, 4e-3);
    }

    private static IEnumerable<(string, Type, string)> Interface(IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        metadata.Select(entry => (entry.Key, entry.Value.ElementType, string.Join(',', entry.Value.Dimensions)));

    private static float[] Decode(InferenceSession session, int height, int width)
    {
        var latent = Enumerable.Range(0, 4 * height * width).Select(i => (float)(Math.Sin(i * i) * Math.Sqrt(2))).ToArray();
        using var outputs = session.Run([NamedOnnxValue.CreateFromTensor("z", new DenseTensor<float>(latent, [1, 4, height, width]))]);
        return [.. outputs[0].AsEnumerable<float>()];
    }
}
