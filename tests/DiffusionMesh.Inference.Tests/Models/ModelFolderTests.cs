using System.Security.Cryptography;
using System.Text;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly ModelFolderCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void Open_EmbeddedModel_DigestIsWhatSha256SumGives()
    {
        var folder = _copy.Add("fashion-flow");
        var sums = string.Concat(new[] { "denoiser.onnx", "manifest.json", "text_encoder.onnx", "tokenizer.json" }
            .Select(file => $"{Sha256(File.ReadAllBytes(Path.Combine(folder, file)))}  {file}\n"));

        Assert.Equal("sha256:" + Sha256(Encoding.UTF8.GetBytes(sums)), ModelFolder.Open(folder).Digest);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("tokenizer.json")]
    public void Open_AnotherFile_ChangesDigest(string file)
    {
        var folder = _copy.Add("fashion-flow");
        var before = ModelFolder.Open(folder).Digest;

        File.AppendAllText(Path.Combine(folder, file), "\n");

        Assert.NotEqual(before, ModelFolder.Open(folder).Digest);
    }

    [Fact]
    public void Open_FileChangedByOneByte_IsRefused()
    {
        var folder = _copy.Add("fashion-flow");
        var path = Path.Combine(folder, "denoiser.onnx");
        var contents = File.ReadAllBytes(path);
        contents[contents.Length / 2] ^= 1;
        File.WriteAllBytes(path, contents);

        var error = Assert.Throws<ModelLoadException>(() => ModelFolder.Open(folder));

        Assert.StartsWith($"denoiser.onnx has SHA-256 {Sha256(contents)}, but components.denoiser.sha256", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("denoiser.onnx")]
    [InlineData("tokenizer.json")]
    public void Open_FileMissing_NamesIt(string file)
    {
        var folder = _copy.Add("fashion-flow");
        File.Delete(Path.Combine(folder, file));

        Assert.Equal($"{file} is missing", Assert.Throws<ModelLoadException>(() => ModelFolder.Open(folder)).Message);
    }

    [Fact]
    public void Open_ComponentOutsideTheFolder_IsNeverRead()
    {
        var folder = _copy.Add("fashion-flow");
        File.Move(Path.Combine(folder, "denoiser.onnx"), Path.Combine(_copy.Repository, "denoiser.onnx"));
        ModelFolderCopy.EditManifest(folder, manifest => manifest["components"]!["denoiser"]!["file"] = "../denoiser.onnx");

        var error = Assert.Throws<ModelLoadException>(() => ModelFolder.Open(folder));

        Assert.Contains("must be the name of a file inside the model's folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Require_AnotherKind_IsRefused()
    {
        var folder = ModelFolder.Open(_copy.Add("fashion-clip"));

        Assert.Equal("clip", folder.Require<ClipManifest>().Kind);
        Assert.Contains("\"clip\" cannot be served", Assert.Throws<ModelLoadException>(() => folder.Require<DenoiserManifest>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadNetwork_ClipTowers_EmbedToUnitVectors()
    {
        var folder = ModelFolder.Open(_copy.Add("fashion-clip"));
        var manifest = folder.Require<ClipManifest>();
        using var images = folder.LoadNetwork(ClipManifest.ImageEncoderComponent, new OnnxOptions { Threads = 1 });
        using var texts = folder.LoadNetwork(ClipManifest.TextEncoderComponent, new OnnxOptions { Threads = 1 });
        var prompt = folder.LoadTokenizer(manifest.Tokenizer).Encode("a photo of an ankle boot");
        var dimension = (int)images.Outputs["embedding"][1];
        var (image, text) = (new float[dimension], new float[dimension]);

        images.Run([new OnnxTensor("images", new float[1024], 1, 1, 32, 32)], [new OnnxTensor("embedding", image, 1, dimension)]);
        texts.Run([new OnnxTensor("tokens", prompt.Tokens, 1, prompt.Tokens.Length)], [new OnnxTensor("embedding", text, 1, dimension)]);

        Assert.Null(prompt.Problem);
        Assert.Equal(1, image.Sum(v => (double)v * v), 1e-5);
        Assert.Equal(1, text.Sum(v => (double)v * v), 1e-5);
    }

    private static string Sha256(byte[] contents) => Convert.ToHexStringLower(SHA256.HashData(contents));
}
