using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>fashion-vp says of a state what fashion-flow-small says of the state with the same ratio of noise to data.</summary>
public sealed class TwinTests : IDisposable
{
    private const int Elements = 32 * 32;

    private readonly InferenceSession _flow = Open("fashion-flow-small");
    private readonly InferenceSession _twin = Open("fashion-vp");

    public void Dispose()
    {
        _flow.Dispose();
        _twin.Dispose();
    }

    // ε = x_f + (1 - t_f) u at x_f = x/(α + σ), t_f = σ/(α + σ), where x and ε are about 1 in size.
    [Theory]
    [InlineData(1)]
    [InlineData(.9)]
    [InlineData(.5)]
    [InlineData(.1)]
    [InlineData(.01)]
    [InlineData(.001)]
    public void Noise_OfTheTwin_FollowsFromTheFlowsVelocity(double time)
    {
        var logAlpha = (-time * time * 19.9 / 4) - (time * .1 / 2);
        var (alpha, sigma) = (Math.Exp(logAlpha), Math.Sqrt(-2 * Math.Exp(logAlpha) * Math.Sinh(logAlpha)));
        var total = alpha + sigma;
        var state = Enumerable.Range(0, Elements).Select(i => (float)(Math.Sin(i * i) * Math.Sqrt(2))).ToArray();

        var noise = Predict(_twin, state, time);

        var velocity = Predict(_flow, [.. state.Select(x => (float)(x / total))], sigma / total);
        var worst = Enumerable.Range(0, Elements).Max(i => Math.Abs((state[i] / total) + (alpha / total * velocity[i]) - noise[i]));
        Assert.InRange(worst, 0, 2e-5);
    }

    private static InferenceSession Open(string model) => new(Path.Combine(ModelFolderCopy.Originals, model, "denoiser.onnx"));

    private static float[] Predict(InferenceSession session, float[] state, double time)
    {
        var dimension = session.InputMetadata["text_embedding"].Dimensions[1];
        using var outputs = session.Run(
        [
            NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(state, [1, 1, 32, 32])),
            NamedOnnxValue.CreateFromTensor("t", new DenseTensor<float>(new[] { (float)time }, [1])),
            NamedOnnxValue.CreateFromTensor("class_label", new DenseTensor<long>(new[] { 9L }, [1])),
            NamedOnnxValue.CreateFromTensor("text_embedding", new DenseTensor<float>([1, dimension])),
        ]);
        return [.. outputs[0].AsEnumerable<float>()];
    }
}
