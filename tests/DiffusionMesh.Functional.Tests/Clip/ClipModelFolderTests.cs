using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Inference;
using DiffusionMesh.Verifier.Clip;

namespace DiffusionMesh.Functional.Tests.Clip;

public sealed class ClipModelFolderTests : IDisposable
{
    private static readonly string Embedded = Path.Combine(AppContext.BaseDirectory, "models", "fashion-clip");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("clip-model-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Start_OneModelAmongOtherFolders_ServesIt()
    {
        CopyTo("some-clip");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "broken"));

        await using var host = await RunningHost.StartAsync(ClipVerifierHost.Build, $"--Models:Path={_folder.FullName}");

        Assert.Equal("clip", (await new VerifierService.VerifierServiceClient(host.Channel).DescribeAsync(new DescribeRequest())).Verifier.Name);
    }

    [Fact]
    public async Task Start_OtherWeights_HaveAnotherDigest()
    {
        CopyTo(".");
        var manifest = Path.Combine(_folder.FullName, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"version\": \"1.0.0\"", "\"version\": \"1.0.1\"", StringComparison.Ordinal));
        await using var embedded = await RunningHost.StartAsync(ClipVerifierHost.Build);
        await using var changed = await RunningHost.StartAsync(ClipVerifierHost.Build, $"--Models:Path={_folder.FullName}");

        var digests = new List<string>();
        foreach (var host in new[] { embedded, changed })
        {
            digests.Add((await new VerifierService.VerifierServiceClient(host.Channel).DescribeAsync(new DescribeRequest())).Verifier.WeightsDigest);
        }

        Assert.NotEqual(digests[0], digests[1]);
    }

    [Theory]
    [InlineData("image_encoder.onnx", "SHA-256")]
    [InlineData("manifest.json", "manifest.json")]
    [InlineData("tokenizer.json", "tokenizer.json")]
    public async Task Start_FileThatIsCorrupt_SaysWhich(string file, string expected)
    {
        CopyTo(".");
        File.AppendAllText(Path.Combine(_folder.FullName, file), "x");

        var error = await StartFailsAsync();

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoModel_SaysWhere()
    {
        var error = await StartFailsAsync();

        Assert.Contains(_folder.FullName, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_TwoModels_AsksForOne()
    {
        CopyTo("first");
        CopyTo("second");

        var error = await StartFailsAsync();

        Assert.Contains("several", error.Message, StringComparison.Ordinal);
    }

    private Task<ModelLoadException> StartFailsAsync() => Assert.ThrowsAsync<ModelLoadException>(
        () => RunningHost.StartAsync(ClipVerifierHost.Build, $"--Models:Path={_folder.FullName}"));

    private void CopyTo(string name)
    {
        var target = _folder.CreateSubdirectory(name).FullName;
        foreach (var file in Directory.GetFiles(Embedded))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }
    }
}
