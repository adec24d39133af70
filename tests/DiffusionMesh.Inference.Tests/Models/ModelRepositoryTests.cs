using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;

namespace DiffusionMesh.Inference.Tests.Models;

public sealed class ModelRepositoryTests : IDisposable
{
    private readonly ModelFolderCopy _copy = new();

    public void Dispose() => _copy.Dispose();

    [Fact]
    public void Load_BrokenModelsBesideAGoodOne_KeepsTheGoodAndTheReasons()
    {
        _copy.Add("fashion-flow");
        File.WriteAllText(Path.Combine(_copy.Add("fashion-flow", "no-manifest"), "manifest.json"), "{ \"kind\": ");
        ModelFolderCopy.ReplaceComponent(_copy.Add("fashion-flow", "corrupt"), "denoiser", [8, 7, 18, 200, 1, 2, 3]);
        ModelFolderCopy.EditManifest(_copy.Add("fashion-flow", "misspelt"), manifest => manifest["kind"] = "denoisr");

        using var repository = ModelRepository.Load(_copy.Repository, new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });

        Assert.Equal(["corrupt", "fashion-flow", "misspelt", "no-manifest"], repository.Entries.Select(entry => entry.Name));
        Assert.NotNull(repository.Find("fashion-flow")!.Model);
        Assert.Null(repository.Find("fashion-flow")!.Error);
        Assert.StartsWith("denoiser.onnx is not a network that ONNX Runtime can load", repository.Find("corrupt")!.Error, StringComparison.Ordinal);
        Assert.StartsWith("manifest.json: ", repository.Find("no-manifest")!.Error, StringComparison.Ordinal);
        Assert.Contains("kind \"denoisr\" is unknown", repository.Find("misspelt")!.Error, StringComparison.Ordinal);
        Assert.Null(repository.Find("unknown"));
    }

    [Fact]
    public void Load_FoldersOfOtherServices_ArePassedOver()
    {
        _copy.Add("fashion-flow");
        _copy.Add("fashion-clip");
        File.Delete(Path.Combine(_copy.Add("fashion-clip", "broken-clip"), "tokenizer.json"));
        File.WriteAllText(Path.Combine(_copy.Repository, "notes.txt"), "no folder");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_copy.Repository, "training")).FullName, "train.py"), "");
        Directory.CreateDirectory(Path.Combine(_copy.Repository, "empty"));

        using var repository = ModelRepository.Load(_copy.Repository, new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });

        Assert.Equal("fashion-flow", Assert.Single(repository.Entries).Name);
    }

    [Fact]
    public void Load_SameVersionTwice_KeepsTheFirst()
    {
        _copy.Add("fashion-flow", "a");
        _copy.Add("fashion-flow", "b");

        using var repository = ModelRepository.Load(_copy.Repository, new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });

        Assert.NotNull(repository.Find("fashion-flow")!.Model);
        Assert.Matches("another folder has version .* of the model \"fashion-flow\" already", repository.Find("b")!.Error);
    }

    [Fact]
    public void Load_TwoVersions_KeepsBoth()
    {
        _copy.Add("fashion-flow", "a");
        ModelFolderCopy.EditManifest(_copy.Add("fashion-flow", "b"), manifest => manifest["version"] = "99.0");

        using var repository = ModelRepository.Load(_copy.Repository, new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });

        Assert.Equal(["fashion-flow", "fashion-flow"], repository.Entries.Select(entry => entry.Name));
        Assert.Equal("99.0", repository.Entries.Last().Model!.Manifest.Version);
    }

    [Fact]
    public void Load_NetworksSwapped_SaysWhatTheInputsAre()
    {
        var folder = _copy.Add("fashion-flow");
        ModelFolderCopy.ReplaceComponent(folder, "denoiser", File.ReadAllBytes(Path.Combine(folder, "text_encoder.onnx")));

        using var repository = ModelRepository.Load(_copy.Repository, new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });

        Assert.Equal(
            "components.denoiser takes the inputs tokens, but the manifest calls for x, t, class_label, text_embedding",
            repository.Find("fashion-flow")!.Error);
    }

    [Fact]
    public void Load_WrongTextDimension_NamesTheInput()
    {
        var folder = _copy.Add("fashion-flow");
        ModelFolderCopy.EditManifest(folder, manifest => manifest["conditioning"]!["text"]!["dimension"] = 32);

        using var repository = ModelRepository.Load(_copy.Repository, new DiffusionModelOptions { Onnx = new OnnxOptions { Threads = 1 } });

        Assert.StartsWith(
            "components.denoiser has the input \"text_embedding\" as Float [?, 64], but the manifest calls for Float [?, 32]",
            repository.Find("fashion-flow")!.Error,
            StringComparison.Ordinal);
    }
}
