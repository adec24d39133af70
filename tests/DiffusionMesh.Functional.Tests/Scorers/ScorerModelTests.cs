using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Inference;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Functional.Tests.Scorers;

/// <summary>Hosts over models that are missing, broken or do not fit each other.</summary>
public sealed class ScorerModelTests : IDisposable
{
    private static readonly string Embedded = Path.Combine(AppContext.BaseDirectory, "models");

    private readonly DirectoryInfo _models = Directory.CreateTempSubdirectory("scorer-models-");

    public void Dispose() => _models.Delete(recursive: true);

    [Theory]
    [InlineData("dino", "fashion-dino", "encoder.onnx")]
    [InlineData("aesthetic", "fashion-aesthetic", "head.onnx")]
    [InlineData("oracle", "fashion-features", "base_statistics.bin")]
    [InlineData("oracle-fid", "fashion-features", "reference_features.bin")]
    public async Task Start_FileThatIsCorrupt_SaysWhich(string scorer, string model, string file)
    {
        Copy("fashion-clip");
        File.AppendAllText(Path.Combine(Copy(model), file), "x");

        Assert.Contains($"{file} has SHA-256", (await StartFailsAsync(scorer)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dino", "dino")]
    [InlineData("aesthetic", "aesthetic")]
    [InlineData("self-supervised-clip", "clip")]
    [InlineData("oracle", "classifier")]
    public async Task Start_NoModelOfTheKind_SaysSo(string scorer, string kind)
    {
        Assert.Contains($"no usable model of kind \"{kind}\"", (await StartFailsAsync(scorer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AestheticWithoutClip_SaysWhatIsMissing()
    {
        Copy("fashion-aesthetic");

        Assert.Contains("no usable model of kind \"clip\"", (await StartFailsAsync("aesthetic")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AestheticOverAnotherClip_IsRefused()
    {
        Copy("fashion-clip");
        Edit(Copy("fashion-aesthetic"), manifest => manifest["base"]!["digest"] = new string('0', 64));

        Assert.Contains("base.digest is 000", (await StartFailsAsync("aesthetic")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OracleWithoutReferences_IsRefused()
    {
        Edit(Copy("fashion-features"), manifest => manifest.Remove("references"));

        Assert.Contains("references is required", (await StartFailsAsync("oracle")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("statistics", 12, "has 12 bytes")]
    [InlineData("base", 132104, "has 132104 bytes")]
    [InlineData("features", 1016, "rows of 128 features do not fill")]
    public async Task Start_ReferencesThatAreCutOff_SaysWhichFile(string role, int length, string expected)
    {
        var folder = Copy("fashion-features");
        Edit(folder, manifest =>
        {
            var entry = manifest["references"]![role]!;
            var path = Path.Combine(folder, entry["file"]!.GetValue<string>());
            var contents = File.ReadAllBytes(path)[..length];
            File.WriteAllBytes(path, contents);
            entry["sha256"] = Convert.ToHexStringLower(SHA256.HashData(contents));
        });

        Assert.Contains(expected, (await StartFailsAsync("oracle")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ClassesThatAreNotTheLogits_IsRefused()
    {
        Edit(Copy("fashion-dino"), manifest => manifest["classes"]!.AsArray().RemoveAt(9));

        Assert.Contains("gives 10 logits, but manifest.json names 9 classes", (await StartFailsAsync("dino")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oracle", "--Verifier:Score=fidd", "class-probability or fid")]
    [InlineData("clip-score", "--Verifier:Score=logit", "clip-score or class-logit")]
    [InlineData("self-supervised-dino", "--Verifier:Features=vgg", "dino or clip")]
    public async Task Start_UnknownMode_ListsTheKnown(string scorer, string mode, string expected)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningScorer.StartAsync(scorer, mode));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UnknownProvider_ListsTheKnown()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningScorer.StartAsync("clip-score", "--Verifier:Provider=gpu"));

        Assert.Contains("Verifier:Provider must be cpu, cuda or auto", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CudaOnADeviceThatIsNotThere_IsRefusedAndSaysWhatToDo()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => RunningScorer.StartAsync("clip-score", "--Verifier:Provider=cuda", "--Verifier:DeviceId=1024"));

        Assert.StartsWith("Verifier:Provider: CUDA cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(", or choose the provider cpu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AutoOnADeviceThatIsNotThere_ScoresOnTheProcessor()
    {
        await using var scorer = await RunningScorer.StartAsync("clip-score", "--Verifier:Provider=auto", "--Verifier:DeviceId=1024");

        var response = await scorer.Client.ScoreAsync(scorer.Request(RunningScorer.Images[0]));

        Assert.Contains("/cpu/", response.ComputeClass, StringComparison.Ordinal);
        Assert.Equal(CandidateScore.OutcomeOneofCase.Value, Assert.Single(response.Scores).OutcomeCase);
    }

    private Task<ModelLoadException> StartFailsAsync(string scorer) => Assert.ThrowsAsync<ModelLoadException>(
        () => RunningScorer.StartAsync(scorer, $"--Models:Path={_models.FullName}"));

    private string Copy(string model)
    {
        var target = _models.CreateSubdirectory(model).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Embedded, model)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        return target;
    }

    private static void Edit(string folder, Action<JsonObject> edit)
    {
        var path = Path.Combine(folder, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(manifest);
        File.WriteAllText(path, manifest.ToJsonString());
    }
}
