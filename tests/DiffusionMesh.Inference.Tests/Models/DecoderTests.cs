using System.Text.Json.Nodes;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>A model of latents [4, 2, 3] whose decoder shows the four channels as tiles.</summary>
public sealed class DecoderTests : IDisposable
{
    private const double Scale = .5;
    private const double Shift = .25;

    private readonly ModelFolderCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Theory]
    [InlineData(2, 3)]
    [InlineData(4, 2)]
    [InlineData(1, 1)]
    public void Decode_AnySize_ShowsScaledAndShiftedLatents(int height, int width)
    {
        using var model = Load();
        var shape = new LatentShape(4, height, width);
        var latent = Noise(0, shape);

        var image = model.Decode(latent, shape);

        Assert.Equal(new ImageShape(4 * height, 4 * width, 1), model.ImageShapeOf(shape));
        var position = 0;
        for (var y = 0; y < 4 * height; y++)
        {
            for (var x = 0; x < 4 * width; x++)
            {
                var data = (float)((latent[(x % 4 * height * width) + (y / 4 * width) + (x / 4)] / Scale) + Shift);
                Assert.Equal((byte)Math.Clamp(Math.Round((data + 1.0) / 2 * 255), 0, 255), image[position++]);
            }
        }
    }

    [Fact]
    public void Decode_Many_GivesEachItsOwnImage()
    {
        using var model = Load();
        var latents = Enumerable.Range(0, 11).Select(i => (ReadOnlyMemory<float>)Noise(i, model.Shape)).ToArray();

        var images = model.Decode(latents, model.Shape);

        Assert.Equal(latents.Length, images.Length);
        Assert.All(images.Zip(latents), pair => Assert.Equal(model.Decode(pair.Second, model.Shape), pair.First));
        Assert.Equal(images.Length, images.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Decode_NoDecoder_IsTheLatentItself()
    {
        using var model = DiffusionModel.Load(ModelFolder.Open(TinyModel.Add(_copy.Repository, "rowwise")), Options);
        var latent = new float[64];
        (latent[0], latent[1]) = (1, -1);

        var image = model.Decode(latent, model.Shape);

        Assert.Equal(new ImageShape(8, 8, 1), model.ImageShapeOf(model.Shape));
        Assert.Equal([255, 0, 128], image[..3]);
    }

    [Theory]
    [InlineData(8, 13)]
    [InlineData(9, 12)]
    [InlineData(1, 3)]
    public void Load_ImageNoMultipleOfTheLatent_IsRefused(int height, int width)
    {
        var message = Fails(manifest => (manifest["image"]!["height"], manifest["image"]!["width"]) = (height, width));

        Assert.Equal("manifest.json: image must be a whole number of times as high and as wide as the latent", message);
    }

    [Fact]
    public void Load_ImageTwiceAsLargeAsTheDecoderMakes_IsRefused()
    {
        var message = Fails(manifest => (manifest["image"]!["height"], manifest["image"]!["width"]) = (16, 24));

        Assert.StartsWith("the networks do not fit the manifest", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DecoderOfOtherChannels_NamesTheOutput()
    {
        var message = Fails(manifest => manifest["image"]!["channels"] = 3);

        Assert.StartsWith("components.decoder has the output \"image\" as Float [?, 1, ?, ?], but the manifest calls for Float [?, 3, 8, 12]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NetworkThatIsNoDecoder_IsRefused()
    {
        var message = Fails((folder, manifest) => manifest["components"]!["decoder"] = TinyModel.Component(folder, "rowwise.onnx"));

        Assert.Equal("components.decoder takes the inputs x, t, but the manifest calls for z", message);
    }

    private static DiffusionModelOptions Options => new() { Onnx = new OnnxOptions { Threads = 1 }, MaxBatchRows = 4, MeasureBatchCurve = false };

    private static float[] Noise(int number, LatentShape shape)
    {
        var values = new float[shape.Elements];
        NoiseAddress.Of(2, (uint)number).Fill(values);
        return Array.ConvertAll(values, value => value / 4);
    }

    private string Fails(Action<JsonObject> edit) => Fails((_, manifest) => edit(manifest));

    private string Fails(Action<string, JsonObject> edit) =>
        Assert.Throws<ModelLoadException>(() => DiffusionModel.Load(ModelFolder.Open(Latent(edit)), Options)).Message;

    private DiffusionModel Load() => DiffusionModel.Load(ModelFolder.Open(Latent((_, _) => { })), Options);

    private string Latent(Action<string, JsonObject> edit) => TinyModel.Add(_copy.Repository, "rowwise", manifest =>
    {
        manifest["latent"] = JsonNode.Parse($$"""{ "shape": [4, 2, 3], "scale": {{Scale}}, "shift": {{Shift}}, "spatial_multiple": 1 }""");
        manifest["image"] = JsonNode.Parse("""{ "width": 12, "height": 8, "channels": 1, "range": [-1, 1] }""");
        var folder = Path.Combine(_copy.Repository, "rowwise");
        manifest["components"]!["decoder"] = TinyModel.Component(folder, "decoder.onnx");
        edit(folder, manifest);
    });
}
