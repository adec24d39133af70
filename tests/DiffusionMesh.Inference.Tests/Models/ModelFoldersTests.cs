using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class ModelFoldersTests : IDisposable
{
    private readonly ModelFolderCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void OpenOne_AmongOtherKinds_NeverReadsThem()
    {
        _copy.Add("fashion-clip");
        File.Delete(Path.Combine(_copy.Add("fashion-flow"), "denoiser.onnx"));
        Directory.CreateDirectory(Path.Combine(_copy.Repository, "empty"));

        Assert.Equal("fashion-clip", ModelFolders.OpenOne(_copy.Repository, ClipManifest.KindName).Manifest.Name);
    }

    [Fact]
    public void OpenOne_TheModelsOwnFolder_IsOpened()
    {
        Assert.Equal("fashion-clip", ModelFolders.OpenOne(_copy.Add("fashion-clip"), ClipManifest.KindName).Manifest.Name);
    }

    [Fact]
    public void OpenOne_FolderOfAnotherKind_SaysBoth()
    {
        var message = Fails(_copy.Add("fashion-clip"), DinoManifest.KindName);

        Assert.Contains("kind \"clip\", but one of kind \"dino\"", message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenOne_NoneThatIsUsable_SaysWhatIsBroken()
    {
        File.Delete(Path.Combine(_copy.Add("fashion-clip"), "tokenizer.json"));

        var message = Fails(_copy.Repository, ClipManifest.KindName);

        Assert.Contains($"{_copy.Repository} holds no usable model of kind \"clip\"; fashion-clip: tokenizer.json is missing", message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenOne_Several_AsksForOne()
    {
        _copy.Add("fashion-clip", "a");
        _copy.Add("fashion-clip", "b");

        Assert.Contains("several models of kind \"clip\"", Fails(_copy.Repository, ClipManifest.KindName), StringComparison.Ordinal);
    }

    [Fact]
    public void OpenOne_NoFolder_IsRefused()
    {
        Assert.Contains("there is no folder", Fails(Path.Combine(_copy.Repository, "nowhere"), ClipManifest.KindName), StringComparison.Ordinal);
    }

    private static string Fails(string path, string kind) => Assert.Throws<ModelLoadException>(() => ModelFolders.OpenOne(path, kind)).Message;
}
