using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>The embedded model that works on latents [4, 8, 8] of images [32, 32, 1].</summary>
public sealed class LatentModelTests : IDisposable
{
    private readonly DiffusionModel _model = DiffusionModel.Load(
        ModelFolder.Open(Path.Combine(ModelFolderCopy.Originals, "fashion-latent")),
        new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 2 }, MeasureBatchCurve = false });

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(8, 8)]
    [InlineData(12, 6)]
    public void Decode_ManyLatents_GivesEachTheImageItHasAlone(int height, int width)
    {
        var shape = new LatentShape(4, height, width);
        var latents = Enumerable.Range(0, 9).Select(i => (ReadOnlyMemory<float>)Noise(i, shape)).ToArray();

        var images = _model.Decode(latents, shape);

        Assert.Equal(new ImageShape(4 * height, 4 * width, 1), _model.ImageShapeOf(shape));
        Assert.All(images, image => Assert.Equal(16 * height * width, image.Length));
        Assert.All(images.Zip(latents), pair => Assert.Equal(_model.Decode(pair.Second, shape), pair.First));
        Assert.Equal(images.Length, images.Select(Convert.ToHexString).Distinct().Count());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(32)]
    public void Evaluate_RowAtAnyPosition_GivesTheBitsOfTheRowAlone(int rows)
    {
        var expected = Evaluate(1, 0);
        for (var position = 0; position < rows; position++)
        {
            Assert.Equal(expected, Evaluate(rows, position));
        }

        Assert.Equal(Determinism.Exact, _model.Determinism);
    }

    private float[] Evaluate(int rows, int position)
    {
        using var batch = _model.CreateBatch(rows, _model.Shape);
        for (var row = 0; row < rows; row++)
        {
            var number = row == position ? 0 : row + 1;
            batch.Add(Noise(number, _model.Shape), .9 / (1 + (number % 7)), _model.EmbedClass(number % 10));
        }

        _model.Evaluate(batch);
        return batch.Prediction(position).ToArray();
    }

    private static float[] Noise(int number, LatentShape shape)
    {
        var values = new float[shape.Elements];
        NoiseAddress.Of(3, (uint)number).Fill(values);
        return values;
    }
}
