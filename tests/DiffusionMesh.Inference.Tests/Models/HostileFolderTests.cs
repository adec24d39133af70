using System.Buffers.Binary;
using System.Diagnostics;
using System.Text.Json.Nodes;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

/// <summary>Folders that are broken or want what is not theirs: each is refused with the file or field and what to do.</summary>
public sealed class HostileFolderTests : IDisposable
{
    private readonly ModelFolderCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Theory]
    [InlineData("double-input", "components.denoiser has the input \"x\" as Double [?, ?, ?, ?], but the manifest calls for Float [?, 1, 8, 8]")]
    [InlineData("integer-output", "components.denoiser has the output \"v\" as Int64 [?, ?, ?, ?]")]
    [InlineData("flat-output", "components.denoiser has the output \"v\" as Float [?, ?]")]
    [InlineData("one-row", "components.denoiser has the input \"x\" as Float [1, 1, 8, 8], but the manifest calls for Float [?, 1, 8, 8], where ? is any size")]
    [InlineData("fixed-channels", "components.denoiser has the input \"x\" as Float [?, 3, ?, ?]")]
    [InlineData("huge-input", "components.denoiser has the input \"x\"")]
    [InlineData("two-channels", "the networks do not fit the manifest")]
    [InlineData("decoder", "components.denoiser takes the inputs z, but the manifest calls for x, t")]
    [InlineData("huge-weight", "huge-weight.onnx is not a network that ONNX Runtime can load")]
    [InlineData("external-above", "external-above.onnx is a network that reads its weights from \"../weights.bin\"")]
    [InlineData("external-absolute", "external-absolute.onnx is a network that reads its weights from \"/etc/passwd\"")]
    [InlineData("external-hidden", "external-hidden.onnx is a network that reads its weights from \"../weights.bin\"")]
    [InlineData("external", "external.onnx is a network that reads its weights from \"weights.bin\": put that file into the model's folder and name it")]
    public void Load_NetworkThatCannotBe_SaysWhy(string network, string expected)
    {
        var folder = TinyModel.Add(_copy.Repository, network);
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), new byte[4]);
        File.WriteAllBytes(Path.Combine(_copy.Repository, "weights.bin"), new byte[4]);

        Assert.StartsWith(expected, Fails(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NetworkThatAsksForMoreMemoryThanThereIs_IsRefused()
    {
        Fails(TinyModel.Add(_copy.Repository, "huge-values"));
    }

    [Fact]
    public void Open_PipeInsteadOfAFile_IsRefusedUnopened()
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise");
        var manifest = Path.Combine(folder, "manifest.json");
        File.Delete(manifest);
        using var maker = Process.Start("mkfifo", manifest);
        maker.WaitForExit();

        Assert.Equal("manifest.json is empty, or no plain file", Fails(folder));
    }

    [Fact]
    public void Load_EveryCutOfANetwork_IsRefusedOrComplete()
    {
        var whole = File.ReadAllBytes(Path.Combine(TinyModel.Networks, "external-hidden.onnx"));
        for (var length = 0; length < whole.Length; length++)
        {
            var cut = whole[..length];
            var error = Record.Exception(() => OnnxModel.Load(cut, new OnnxOptions { Threads = 1 }, null, []).Dispose());

            Assert.IsType<ModelLoadException>(error);
        }
    }

    [Fact]
    public void Load_TagLongerThanFieldsHave_IsRefused()
    {
        // Field 7 of the model, the graph, with a bit set that a 32-bit reader drops.
        byte[] onnx = [0xba, 0x80, 0x80, 0x80, 0x10, 0x00];

        Assert.Contains("no protobuf message", Assert.Throws<ModelLoadException>(() => ExternalData.LocationsIn(onnx)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WeightsInTheFolder_AreReadAndPartOfTheDigest()
    {
        var (two, three) = (WithWeights("two", 2), WithWeights("three", 3));
        using var model = DiffusionModel.Load(ModelFolder.Open(two), Options);
        using var batch = model.CreateBatch(1, model.Shape);
        batch.Add(Enumerable.Range(0, 64).Select(i => (float)i).ToArray(), .5, model.Unconditional);

        model.Evaluate(batch);

        Assert.Equal(Enumerable.Range(0, 64).Select(i => 2f * i), batch.Prediction(0).ToArray());
        Assert.NotEqual(model.Digest, ModelFolder.Open(three).Digest);
    }

    [Fact]
    public void Open_WeightsChanged_IsRefused()
    {
        var folder = WithWeights("changed", 2);
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), new byte[8]);

        Assert.StartsWith("weights.bin has SHA-256", Fails(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WeightsElsewhere_NamesTheField()
    {
        var folder = WithWeights("elsewhere", 2);
        ModelFolderCopy.EditManifest(folder, manifest => manifest["components"]!["denoiser"]!["data"]![0]!["file"] = "../weights.bin");

        Assert.Contains("components.denoiser.data[0].file \"../weights.bin\" must be the name of a file inside", Fails(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LinkOutOfTheFolder_IsNotFollowed()
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise");
        var network = Path.Combine(folder, "rowwise.onnx");
        File.Move(network, Path.Combine(_copy.Repository, "elsewhere.onnx"));
        File.CreateSymbolicLink(network, "../elsewhere.onnx");

        Assert.Equal("rowwise.onnx is a link that leads out of the model's folder: put the file itself there", Fails(folder));
    }

    [Fact]
    public void Open_LinkOverAFolderOutside_IsNotFollowed()
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise");
        Directory.CreateDirectory(Path.Combine(_copy.Repository, "elsewhere"));
        File.Move(Path.Combine(folder, "manifest.json"), Path.Combine(_copy.Repository, "elsewhere", "manifest.json"));
        File.CreateSymbolicLink(Path.Combine(folder, "..data"), "../elsewhere");
        File.CreateSymbolicLink(Path.Combine(folder, "manifest.json"), "..data/manifest.json");

        Assert.Contains("manifest.json is a link that leads out of", Fails(folder), StringComparison.Ordinal);
    }

    // As Kubernetes mounts volumes: names lead over a linked folder to the files, all inside; the model's folder may be a link too.
    [Fact]
    public void Open_LinksInsideTheFolder_AreFollowed()
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise");
        var data = Directory.CreateDirectory(Path.Combine(folder, "..2026_01_01")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "..data"), "..2026_01_01");
        foreach (var file in (string[])["manifest.json", "rowwise.onnx"])
        {
            File.Move(Path.Combine(folder, file), Path.Combine(data, file));
            File.CreateSymbolicLink(Path.Combine(folder, file), "..data/" + file);
        }

        var link = Path.Combine(_copy.Repository, "link");
        Directory.CreateSymbolicLink(link, folder);

        Assert.Equal("rowwise", ModelFolder.Open(link).Manifest.Name);
    }

    [Fact]
    public void Open_LinksInACircle_AreRefused()
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise");
        var network = Path.Combine(folder, "rowwise.onnx");
        File.Delete(network);
        File.CreateSymbolicLink(network, "again.onnx");
        File.CreateSymbolicLink(Path.Combine(folder, "again.onnx"), "rowwise.onnx");

        Assert.Contains("links", Fails(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_GiantManifest_IsRefusedUnread()
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise");
        using (var manifest = new FileStream(Path.Combine(folder, "manifest.json"), FileMode.Create))
        {
            manifest.SetLength(1L << 40);
        }

        Assert.StartsWith("manifest.json has 1099511627776 bytes, but may have at most 1048576", Fails(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ManifestNestedDeeply_IsRefused()
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise");
        File.WriteAllText(Path.Combine(folder, "manifest.json"), new string('[', 100_000));

        Assert.StartsWith("manifest.json: ", Fails(folder), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("latent.shape", "[4096, 4096, 4096]", "latent.shape must have at most 16777216 elements")]
    [InlineData("latent.shape", "[1, 2147483647, 8]", "latent.shape must be [C, H, W]")]
    [InlineData("image.width", "1000000", "image.width must lie in 1 to 16384")]
    [InlineData("image.height", "0", "image.height must lie in 1 to 16384")]
    public void Open_DimensionsBeyondReason_NamesTheField(string field, string json, string expected)
    {
        var folder = TinyModel.Add(_copy.Repository, "rowwise", manifest => ModelFolderCopy.Put(manifest, field, json));

        Assert.Contains(expected, Fails(folder), StringComparison.Ordinal);
    }

    private static DiffusionModelOptions Options => new() { Onnx = new OnnxOptions { Threads = 1 }, MaxBatchRows = 4, MeasureBatchCurve = false };

    private static string Fails(string folder) => Assert.Throws<ModelLoadException>(() => DiffusionModel.Load(ModelFolder.Open(folder), Options).Dispose()).Message;

    private string WithWeights(string repository, float weight)
    {
        var folder = TinyModel.Add(Path.Combine(_copy.Repository, repository), "external");
        var contents = new byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(contents, weight);
        File.WriteAllBytes(Path.Combine(folder, "weights.bin"), contents);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(contents));
        ModelFolderCopy.EditManifest(folder, manifest => manifest["components"]!["denoiser"]!["data"] =
            new JsonArray(new JsonObject { ["file"] = "weights.bin", ["sha256"] = digest }));
        return folder;
    }
}
