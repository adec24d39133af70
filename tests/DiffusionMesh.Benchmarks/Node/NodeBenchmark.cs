using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Benchmarks.Measuring;

namespace DiffusionMesh.Benchmarks.Node;

/// <summary>Best of N by a script over onnxruntime-node, one image at a time and at its best batch, beside <c>dmesh search</c>.</summary>
internal static class NodeBenchmark
{
    private const string Verifier = "dino";
    private const int Steps = 10;
    private const int FewestRounds = 5;

    private static readonly int[] Batches = [2, 4, 8, 16, 32, 64];

    /// <param name="images">Of each search.</param>
    public static async Task<string> MeasureAsync(int images, TimeSpan time, CancellationToken cancellationToken)
    {
        var verifierFile = Path.Combine(FiguresPage.Build("RepositoryRoot"), "models", "fashion-dino", "encoder.onnx");
        using var node = await NodeSearch.StartAsync(Path.Combine(EmbeddedModel.Folder, "denoiser.onnx"), verifierFile, Steps, cancellationToken);
        using var mesh = await MeshUnderTest.StartAsync(
            HostUnderTest.StartAsync("denoiser", "DiffusionMesh.Denoiser", [], cancellationToken),
            new Dictionary<string, Task<HostUnderTest>>
            {
                [Verifier] = HostUnderTest.StartAsync("verifier-dino", "DiffusionMesh.Verifier.Dino", [], cancellationToken),
            },
            [],
            cancellationToken);

        var best = await BestBatchAsync(node, images, cancellationToken);
        var seconds = await Contest.RunAsync(
            [
                token => node.RunAsync(images, 1, token),
                token => node.RunAsync(images, best, token),
                token => DmeshSearch.RunAsync(mesh.Orchestrator.Address, Verifier, images, Steps, token),
            ],
            time, FewestRounds, cancellationToken);

        var table = new StringBuilder("""
            | what | images scored a second | by batch 1 | by the best batch |
            |---|--:|--:|--:|

            """);
        string[] names = [$"onnxruntime-node {NodeSearch.RuntimeVersion}, batch 1", $"onnxruntime-node {NodeSearch.RuntimeVersion}, batch {best} (its best)", "dmesh search"];
        foreach (var (name, taken) in names.Zip(seconds))
        {
            var rate = Spread.Of(taken.Select(each => images / each));
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {rate.Text("0.0")} | {Contest.Ratio(seconds[0], taken).Median:0.00} | {Contest.Ratio(seconds[1], taken).Text("0.00")} |");
        }

        return table.ToString();
    }

    private static async Task<int> BestBatchAsync(NodeSearch node, int images, CancellationToken cancellationToken)
    {
        var seconds = await Contest.RunAsync(
            [.. Batches.Select(batch => (Func<CancellationToken, Task<double>>)(token => node.RunAsync(images / 2, batch, token)))],
            TimeSpan.Zero, fewestRounds: 2, cancellationToken);
        return Batches[Enumerable.Range(0, Batches.Length).MinBy(i => seconds[i].Min())];
    }
}
