using System.Security.Cryptography;
using System.Text.Json.Nodes;
using DiffusionMesh.Imaging.Tests;

namespace DiffusionMesh.Interop.Tests;

/// <summary>Clients in other languages, which know nothing but the protos.</summary>
public sealed class ClientTests(RunningMesh mesh) : IClassFixture<RunningMesh>, IDisposable
{
    private const string Prompt = "a photo of an ankle boot";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interop-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Csharp_Search_FetchesTheImage()
    {
        var output = await Tool.RunAsync("dotnet", [Repository.ClientCsharp, $"http://{mesh.Orchestrator}", PathOf("csharp.png")]);

        Assert.Contains("16 candidates, 320 NFE", output, StringComparison.Ordinal);
        Assert.Equal(32, PngFile.Parse(Read("csharp.png")).Width);
    }

    [PythonFact]
    public async Task Python_Search_FetchesTheImage() => AssertFound(await SearchInPythonAsync("python.png"), "python.png");

    [NodeFact]
    public async Task Node_Search_FetchesTheImage() => AssertFound(await SearchInNodeAsync("node.png"), "node.png");

    [NodeFact]
    public async Task Node_SameSearchTwice_FetchesTheSameBytes()
    {
        var first = await SearchInNodeAsync("first.png");
        var second = await SearchInNodeAsync("second.png");

        Assert.Equal(first["score"]!.GetValue<double>(), second["score"]!.GetValue<double>());
        Assert.Equal(Read("first.png"), Read("second.png"));
    }

    [NodeFact]
    public async Task Node_Reflection_ListsServicesThatAreAllHealthy()
    {
        Assert.Contains("diffusionmesh.search.v1.SearchService SERVING", await ServicesAsync(mesh.Orchestrator));
        Assert.Contains("diffusionmesh.denoiser.v1.DenoiserService SERVING", await ServicesAsync(mesh.Denoiser));
        Assert.Contains("diffusionmesh.verifier.v1.VerifierService SERVING", await ServicesAsync(mesh.ClipVerifier));
    }

    [PythonFact]
    public async Task Python_Health_Answers()
    {
        using var stubs = new PythonStubs();
        await stubs.GenerateAsync("protos/grpc/health/v1", "health.proto");

        Assert.Equal("SERVING", (await stubs.RunAsync("client-python/health.py", mesh.Orchestrator, "")).Trim());
        Assert.Equal("SERVING", (await stubs.RunAsync("client-python/health.py", mesh.Denoiser, "diffusionmesh.denoiser.v1.DenoiserService")).Trim());
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => stubs.RunAsync("client-python/health.py", mesh.ClipVerifier, "no.such.Service"));
        Assert.Contains("NOT_FOUND", error.Message, StringComparison.Ordinal);
    }

    [PythonFact]
    public async Task Python_UnknownWord_IsNamed()
    {
        using var stubs = await SearchStubsAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => stubs.RunAsync("client-python/search.py", mesh.Orchestrator, "a photo of a giraffe", PathOf("none.png")));

        Assert.Contains("INVALID_ARGUMENT", error.Message, StringComparison.Ordinal);
        Assert.Contains("giraffe", error.Message, StringComparison.Ordinal);
    }

    private static async Task<PythonStubs> SearchStubsAsync()
    {
        var stubs = new PythonStubs();
        await stubs.GenerateAsync(
            "protos",
            Directory.GetFiles(Path.Combine(Repository.Root, "protos", "diffusionmesh"), "*.proto", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Path.Combine(Repository.Root, "protos"), file)));
        return stubs;
    }

    private async Task<JsonNode> SearchInPythonAsync(string file)
    {
        using var stubs = await SearchStubsAsync();
        return JsonNode.Parse(await stubs.RunAsync("client-python/search.py", mesh.Orchestrator, Prompt, PathOf(file)))!;
    }

    private async Task<JsonNode> SearchInNodeAsync(string file) => JsonNode.Parse(
        await Tool.RunAsync("node", [Repository.Sample("client-node/search.mjs"), mesh.Orchestrator, Prompt, PathOf(file)]))!;

    private static async Task<string[]> ServicesAsync(string address)
    {
        var lines = await Tool.RunAsync("node", [Repository.Sample("client-node/services.mjs"), address]);
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private void AssertFound(JsonNode result, string file)
    {
        Assert.Equal("SEARCH_STATE_SUCCEEDED", result["state"]!.GetValue<string>());
        Assert.Equal(80, result["nfe"]!.GetValue<long>());
        Assert.InRange(result["score"]!.GetValue<double>(), 0.5, 2.5);

        // Eight candidates of ten steps, the round's start and end, and the end of the search.
        Assert.InRange(result["events"]!.GetValue<int>(), 9, 100);

        var image = PngFile.Parse(Read(file));
        Assert.Equal((32, 32), (image.Width, image.Height));
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(image.Pixels))}", result["pixel_digest"]!.GetValue<string>());
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private byte[] Read(string file) => File.ReadAllBytes(PathOf(file));
}
