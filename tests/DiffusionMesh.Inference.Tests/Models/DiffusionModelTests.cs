using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class DiffusionModelTests : IDisposable
{
    private readonly DiffusionModel _model = DiffusionModel.Load(
        ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, "fashion-flow")), new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 2 } });

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(32)]
    public void Evaluate_RowAtAnyPosition_GivesTheBitsOfTheRowAlone(int rows)
    {
        var prompt = _model.EmbedPrompt(_model.Tokenizer!.Encode("a photo of an ankle boot"));
        var alone = _model.CreateBatch(1, _model.Shape);
        alone.Add(Noise(0), .7, prompt);
        _model.Evaluate(alone);
        var expected = alone.Prediction(0).ToArray();

        var batch = _model.CreateBatch(32, _model.Shape);
        for (var position = 0; position < rows; position++)
        {
            batch.Clear();
            for (var row = 0; row < rows; row++)
            {
                if (row == position)
                {
                    batch.Add(Noise(0), .7, prompt);
                }
                else
                {
                    batch.Add(Noise((uint)(row + 1)), row / 40.0, row % 2 == 0 ? _model.EmbedClass(row % 10) : _model.Unconditional);
                }
            }

            _model.Evaluate(batch);
            Assert.Equal(expected, batch.Prediction(position).ToArray());
        }
    }

    [Fact]
    public void Evaluate_OtherConditions_GivesOtherPredictions()
    {
        var batch = _model.CreateBatch(4, _model.Shape);
        batch.Add(Noise(0), .7, _model.Unconditional);
        batch.Add(Noise(0), .7, _model.EmbedClass(3));
        batch.Add(Noise(0), .7, _model.EmbedPrompt(_model.Tokenizer!.Encode("a photo of a bag")));
        batch.Add(Noise(0), .6, _model.Unconditional);
        _model.Evaluate(batch);

        Assert.Equal(4, Enumerable.Range(0, 4).Select(row => Convert.ToBase64String(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(batch.Prediction(row)))).Distinct().Count());
    }

    [Fact]
    public void Evaluate_BatchUsedBefore_KeepsNothingOfIt()
    {
        var fresh = _model.CreateBatch(1, _model.Shape);
        fresh.Add(Noise(0), .7, _model.Unconditional);
        _model.Evaluate(fresh);

        var reused = _model.CreateBatch(1, _model.Shape);
        reused.Add(Noise(1), .3, _model.EmbedPrompt(_model.Tokenizer!.Encode("a photo of a bag")) with { ClassLabel = 3 });
        _model.Evaluate(reused);
        reused.Clear();
        reused.Add(Noise(0), .7, _model.Unconditional);
        _model.Evaluate(reused);

        Assert.Equal(fresh.Prediction(0).ToArray(), reused.Prediction(0).ToArray());
    }

    [Fact]
    public void Evaluate_AnotherSize_IsAccepted()
    {
        var batch = _model.CreateBatch(1, new LatentShape(1, 40, 48));
        batch.Add(new float[40 * 48], .5, _model.Unconditional);

        _model.Evaluate(batch);

        Assert.Equal(40 * 48, batch.Prediction(0).Length);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(1, 255)]
    [InlineData(0, 128)]
    [InlineData(-7, 0)]
    [InlineData(3e38, 255)]
    [InlineData(-.9921f, 1)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 255)]
    public void Decode_Value_GivesItsPixel(float value, byte pixel)
    {
        var latent = new float[1024];
        Array.Fill(latent, value);

        Assert.All(_model.Decode(latent, _model.Shape), p => Assert.Equal(pixel, p));
    }

    [Fact]
    public void Of_Options_NamesRuntimeInstructionsAndThreads()
    {
        Assert.Matches("^onnxruntime-1\\.29\\.0/cpu/(x64|arm64)-[a-z0-9]+/threads-3$", ComputeClass.Of(new OnnxOptions { Threads = 3 }));
    }

    private static float[] Noise(uint candidate)
    {
        var values = new float[1024];
        NoiseAddress.Of(0, candidate).Fill(values);
        return values;
    }
}
