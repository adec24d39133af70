namespace DiffusionMesh.EndToEnd.Tests;

public sealed class UpTests(Services services) : IClassFixture<Services>
{
    [Fact]
    public async Task Search_OnServicesOfOthers_RepeatsBitForBit()
    {
        using var folder = new Folder();
        string[] search = ["search", "a photo of an ankle boot", "--seed", "7", "--budget", "320", "--k-best", "2"];

        var here = await Dmesh.RunAsync(folder.Path, [.. search, "--out", "here", "--target", services.Orchestrator]);
        var own = await Dmesh.RunAsync(folder.Path, [.. search, "--out", "own"]);

        Assert.True(here.ExitCode == 0, here.Errors);
        Assert.True(own.ExitCode == 0, own.Errors);
        RunFiles.AssertConsistent(folder["here"]);
        Assert.Equal(File.ReadAllBytes(folder["here", "best.png"]), File.ReadAllBytes(folder["own", "best.png"]));
        Assert.Equal(File.ReadAllBytes(folder["here", "best-2.png"]), File.ReadAllBytes(folder["own", "best-2.png"]));
        Assert.Equal(RunFiles.Repeatable(folder["here"]), RunFiles.Repeatable(folder["own"]));
    }

    [Fact]
    public async Task Up_OnAPortInUse_NamesThePortAndTheRemedy()
    {
        var ended = await Dmesh.RunAsync(services.FolderPath, "up", "--data", Path.Combine(services.FolderPath, "other"), "--port-base", $"{services.PortBase - 1}");

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"port {services.PortBase} of the denoiser is in use", ended.Errors, StringComparison.Ordinal);
        Assert.Contains("--port-base", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_OnCtrlC_StopsItsServices()
    {
        await using var up = Dmesh.Start(services.FolderPath, "up", "--data", Path.Combine(services.FolderPath, "other"), "--port-base", $"{MeshPorts.Free()}");
        await up.WritesAsync("DiffusionMesh is ready");
        await up.WritesAsync("Ctrl-C stops");
        var hosts = up.Hosts();
        Assert.Equal(8, hosts.Count);

        await up.PressCtrlCAsync();

        var ended = await up.EndAsync();
        Assert.True(ended.ExitCode == 0, ended.Errors);
        await Task.WhenAll(hosts.Select(host => host.WaitForExitAsync())).WaitAsync(Dmesh.Patience);
    }

    [Fact]
    public async Task Models_OfServices_ListsWhatASearchCanName()
    {
        var ended = await Dmesh.RunAsync(services.FolderPath, "models", "--json", "--target", services.Orchestrator);

        Assert.True(ended.ExitCode == 0, ended.Errors);
        var mesh = System.Text.Json.Nodes.JsonNode.Parse(ended.Output)!;
        Assert.Equal("fashion-flow", (string?)mesh["models"]![0]!["name"]);
        Assert.Equal(10, mesh["models"]![0]!["classes"]!.AsArray().Count);
        Assert.Contains(mesh["verifiers"]!.AsArray(), verifier => (string?)verifier!["name"] == "clip");
        Assert.Contains(mesh["algorithms"]!.AsArray(), algorithm => (string?)algorithm!["name"] == "random");
    }

    [Fact]
    public async Task ModelsOfOneDenoiser_AdministrationOff_AreListedButNotChanged()
    {
        var denoiser = $"http://127.0.0.1:{services.PortBase + 1}";

        var list = await Dmesh.RunAsync(services.FolderPath, "models", "list", "--json", "--denoiser", denoiser);
        var unload = await Dmesh.RunAsync(services.FolderPath, "models", "unload", "fashion-flow@1.0", "--denoiser", denoiser);

        Assert.True(list.ExitCode == 0, list.Errors);
        var models = System.Text.Json.Nodes.JsonNode.Parse(list.Output)!["models"]!.AsArray();
        Assert.Contains(models, model => (string?)model!["name"] == "fashion-flow" && model["batch_curve"]!.AsArray().Count > 0);
        Assert.Equal(1, unload.ExitCode);
        Assert.Contains("Denoiser:Admin=true", unload.Errors, StringComparison.Ordinal);
    }
}
