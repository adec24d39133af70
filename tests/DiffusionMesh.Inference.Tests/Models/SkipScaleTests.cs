using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>The optional input of the embedded denoiser that scales its skip connections.</summary>
public sealed class SkipScaleTests : IDisposable
{
    private const string Name = "skip_scale";

    private readonly InferenceSession _session = new(Path.Combine(ModelFolderCopy.Originals, "fashion-flow", "denoiser.onnx"));

    public void Dispose() => _session.Dispose();

    [Fact]
    public void SkipScale_LeftOut_IsOnes() => Assert.Equal(Velocity(null), Velocity(1));

    [Fact]
    public void SkipScale_BelowOne_ChangesThePrediction() => Assert.NotEqual(Velocity(null), Velocity(.5f));

    private float[] Velocity(float? scale)
    {
        var dimension = _session.InputMetadata["text_embedding"].Dimensions[1];
        var noise = Enumerable.Range(0, 1024).Select(i => MathF.Sin(i)).ToArray();
        List<NamedOnnxValue> inputs =
        [
            NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(noise, [1, 1, 32, 32])),
            NamedOnnxValue.CreateFromTensor("t", new DenseTensor<float>(new[] { .7f }, [1])),
            NamedOnnxValue.CreateFromTensor("class_label", new DenseTensor<long>(new[] { 9L }, [1])),
            NamedOnnxValue.CreateFromTensor("text_embedding", new DenseTensor<float>([1, dimension])),
        ];
        if (scale is { } factor)
        {
            var skips = _session.OverridableInitializerMetadata[Name].Dimensions[0];
            inputs.Add(NamedOnnxValue.CreateFromTensor(Name, new DenseTensor<float>(Enumerable.Repeat(factor, skips).ToArray(), [skips])));
        }

        using var outputs = _session.Run(inputs);
        return [.. outputs[0].AsEnumerable<float>()];
    }
}
