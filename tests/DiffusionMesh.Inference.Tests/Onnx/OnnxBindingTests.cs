using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Inference.Tests.Onnx;

public sealed class OnnxBindingTests : IDisposable
{
    private readonly OnnxModel _network = ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, "fashion-clip"))
        .LoadNetwork("image_encoder", new OnnxOptions { Threads = 1 });

    private readonly float[] _embedding = new float[64];

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Run_InputChanged_ReadsWhatIsThereNow()
    {
        var pixels = new float[1024];
        using var binding = Bind(pixels, _embedding);
        binding.Run();
        var black = _embedding.ToArray();

        Array.Fill(pixels, 1);
        binding.Run();

        Assert.NotEqual(black, _embedding);
        var once = new float[64];
        _network.Run([new OnnxTensor("images", pixels, 1, 1, 32, 32)], [new OnnxTensor("embedding", once, 1, 64)]);
        Assert.Equal(once, _embedding);
    }

    // Both ways to reach a device's memory, with the processor's as the device's.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_OnADevice_ReadsAndWritesTheCallersMemory(bool copies)
    {
        var pixels = new float[2 * 1024];
        var (expected, found) = (new float[2 * 64], new float[2 * 64]);
        var onnx = File.ReadAllBytes(Path.Combine(ModelFolderCopy.Originals, "fashion-clip", "image_encoder.onnx"));
        var memory = new DeviceMemory(copies ? OrtMemoryInfo.DefaultInstance : null, CapturesGraphs: copies) { Copy = CopyEach };
        using var network = new OnnxModel(new InferenceSession(onnx), memory);
        using var binding = network.Bind([new OnnxTensor("images", pixels, 2, 1, 32, 32)], [new OnnxTensor("embedding", found, 2, 64)]);
        for (var i = 0; i < 3; i++)
        {
            pixels.AsSpan(1024).Fill(i / 4f);
            _network.Run([new OnnxTensor("images", pixels, 2, 1, 32, 32)], [new OnnxTensor("embedding", expected, 2, 64)]);

            binding.Run();

            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Fact]
    public void Bind_UnknownInput_IsRefused()
    {
        Assert.Throws<InvalidOperationException>(() => _network.Bind([new OnnxTensor("picture", new float[1024], 1, 1, 32, 32)], []));
    }

    [Fact]
    public void Run_OutputOfAnotherShape_IsRefused()
    {
        using var binding = _network.Bind(
            [new OnnxTensor("images", new float[1024], 1, 1, 32, 32)], [new OnnxTensor("embedding", new float[32], 1, 32)]);

        Assert.Throws<InvalidOperationException>(binding.Run);
    }

    [Fact]
    public void Run_ModelDisposedOf_IsRefused()
    {
        var binding = Bind(new float[1024], _embedding);
        _network.Dispose();

        Assert.Throws<ObjectDisposedException>(binding.Run);
        binding.Dispose();
    }

    [Fact]
    public async Task Terminate_EvaluationUnderWay_FailsItAndAllToCome()
    {
        var pixels = new float[512 * 1024];
        var embeddings = new float[512 * 64];
        using var binding = _network.Bind(
            [new OnnxTensor("images", pixels, 512, 1, 32, 32)], [new OnnxTensor("embedding", embeddings, 512, 64)]);
        var started = new TaskCompletionSource();
        var running = Task.Run(() =>
        {
            while (true)
            {
                binding.Run();
                started.TrySetResult();
            }
        });

        await started.Task;
        _network.Terminate();

        await Assert.ThrowsAsync<InvalidOperationException>(() => running);
        using var next = Bind(new float[1024], _embedding);
        Assert.Throws<InvalidOperationException>(next.Run);
    }

    private static void CopyEach(OrtValue[] from, OrtValue[] to)
    {
        foreach (var (source, target) in from.Zip(to))
        {
            source.GetTensorDataAsSpan<float>().CopyTo(target.GetTensorMutableDataAsSpan<float>());
        }
    }

    private OnnxBinding Bind(float[] pixels, float[] embedding) =>
        _network.Bind([new OnnxTensor("images", pixels, 1, 1, 32, 32)], [new OnnxTensor("embedding", embedding, 1, embedding.Length)]);
}
