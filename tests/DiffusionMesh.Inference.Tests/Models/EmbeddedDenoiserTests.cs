using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
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

        var start = Start(model, shape, model.Schedule.Grid(model.Form, 1, 0, Steps), noise: 1);

        var pixels = model.Decode(Sample(model, shape, model.Manifest.Defaults.Sampler, start, guidance: 1), shape);

        Assert.Equal(height * width, pixels.Length);
        Assert.All([0, width - 1, (height - 1) * width, (height * width) - 1], corner => Assert.InRange(pixels[corner], 0, 25));
        Assert.InRange(pixels.Average(pixel => pixel), 15, 130);
        Assert.InRange(pixels.Max(), 120, 255);
    }

    // models/README.md: over many noises the distance falls from .11 to .08.
    [Fact]
    public void FittedAmed_EndsNearerToTheExactPath()
    {
        using var model = Load("fashion-latent");
        var (fitted, unfitted) = (0.0, 0.0);
        for (uint noise = 0; noise < 6; noise++)
        {
            var guidance = model.Manifest.Defaults.Guidance;
            var few = Start(model, model.Shape, model.Schedule.Grid(model.Form, 1, 0, 3), noise);
            var exact = Sample(model, model.Shape, "heun", Start(model, model.Shape, model.Schedule.Grid(model.Form, 1, 0, 16), noise), guidance);
            fitted += Distance(exact, Sample(model, model.Shape, "amed", few with { Amed = model.Amed, State = [.. few.State] }, guidance));
            unfitted += Distance(exact, Sample(model, model.Shape, "amed", few, guidance));
        }

        Assert.InRange(fitted / 6, .03, .12);
        Assert.True(fitted < .9 * unfitted, $"{fitted / 6} fitted, {unfitted / 6} not");
    }

    private static DiffusionModel Load(string name) => DiffusionModel.Load(
        ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, name)),
        new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 }, MeasureBatchCurve = false });

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(x - y, 2)).Average());

    private static SamplerStart Start(DiffusionModel model, LatentShape shape, TimeGrid grid, uint noise)
    {
        var state = new float[shape.Elements];
        NoiseAddress.Of(noise).Fill(state);
        return new SamplerStart(grid, model.Prediction, [.. state.Select(value => (float)(value * grid[0].Sigma))]);
    }

    private static float[] Sample(DiffusionModel model, LatentShape shape, string sampler, SamplerStart start, double guidance)
    {
        var run = Sampler.All[sampler].Start(start);
        using var batch = model.CreateBatch(2, shape);
        while (!run.IsFinished)
        {
            batch.Clear();
            batch.Add(run.Input, run.NetworkInput.Time, model.EmbedClass(Trouser), run.NetworkInput.Scale);
            batch.Add(run.Input, run.NetworkInput.Time, model.Unconditional, run.NetworkInput.Scale);
            model.Evaluate(batch);
            var (conditional, free) = (batch.Prediction(0).ToArray(), batch.Prediction(1).ToArray());
            run.Advance([.. conditional.Zip(free, (c, u) => (float)(u + (guidance * (c - u))))]);
        }

        return run.State;
    }
}
