using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>Whatever an embedded model's form, prediction and latents: its own defaults draw what it was asked for.</summary>
public sealed class EmbeddedDenoiserTests
{
    private const int Steps = 10;
    private const int Trouser = 1;

    [Theory]
    [InlineData("fashion-flow", 32, 32)]
    [InlineData("fashion-flow-small", 32, 32)]
    [InlineData("fashion-vp", 32, 32)]
    [InlineData("fashion-latent", 32, 32)]
    [InlineData("fashion-vp", 40, 48)]
    [InlineData("fashion-latent", 40, 48)]
    public void DefaultsOfTheManifest_DrawAThingOnBlack(string name, int height, int width)
    {
        using var model = Load(name);
        var scale = model.Shape.Height / 32.0;
        var shape = model.Shape with { Height = (int)(height * scale), Width = (int)(width * scale) };

        var pixels = model.Decode(Sample(model, shape), shape);

        Assert.Equal(height * width, pixels.Length);
        Assert.All([0, width - 1, (height - 1) * width, (height * width) - 1], corner => Assert.InRange(pixels[corner], 0, 25));
        Assert.InRange(pixels.Average(pixel => pixel), 15, 130);
        Assert.InRange(pixels.Max(), 120, 255);
    }

    private static DiffusionModel Load(string name) => DiffusionModel.Load(
        ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, name)),
        new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 }, MeasureBatchCurve = false });

    private static float[] Sample(DiffusionModel model, LatentShape shape)
    {
        var grid = model.Schedule.Grid(model.Form, 1, 0, Steps);
        var state = new float[shape.Elements];
        NoiseAddress.Of(1).Fill(state);
        for (var i = 0; i < state.Length; i++)
        {
            state[i] *= (float)grid[0].Sigma;
        }

        var run = Sampler.All[model.Manifest.Defaults.Sampler].Start(new SamplerStart(grid, model.Prediction, state));
        using var batch = model.CreateBatch(1, shape);
        while (!run.IsFinished)
        {
            batch.Clear();
            batch.Add(run.Input, run.NetworkInput.Time, model.EmbedClass(Trouser), run.NetworkInput.Scale);
            model.Evaluate(batch);
            run.Advance(batch.Prediction(0));
        }

        return run.State;
    }
}
