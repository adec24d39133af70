using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Benchmarks.Measuring;

namespace DiffusionMesh.Benchmarks.Overhead;

/// <summary>What exporting every trace costs: the embedded model's search in two meshes, one of which exports.</summary>
internal static class TracingBenchmark
{
    private const int Candidates = 64;
    private const int Steps = 10;
    private const int FewestRounds = 3;

    public static async Task<string> MeasureAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        await using var sink = new TraceSink();
        await sink.StartAsync(cancellationToken);
        using var silent = await StartAsync([], cancellationToken);
        using var traced = await StartAsync(sink.Arguments, cancellationToken);
        var seconds = await Contest.RunAsync(
            [.. new[] { silent, traced }.Select(mesh => Contest.Timed(token => mesh.SearchAsync(StandInMesh.Search(Candidates, Steps), token)))],
            time, FewestRounds, cancellationToken);

        return sink.Bytes == 0 ? throw new InvalidOperationException("nothing was exported") : new StringBuilder()
            .AppendLine("| searches | without, ms | with all traces exported, ms | with / without |")
            .AppendLine("|--:|--:|--:|--:|")
            .AppendLine(
                CultureInfo.InvariantCulture,
                $"| {seconds[0].Length} | {Spread.Of(seconds[0]).Median * 1_000:0.0} | {Spread.Of(seconds[1]).Median * 1_000:0.0} | {Contest.Ratio(seconds[1], seconds[0]).Text("0.000")} |")
            .ToString();
    }

    private static Task<MeshUnderTest> StartAsync(string[] arguments, CancellationToken cancellationToken) => MeshUnderTest.StartAsync(
        HostUnderTest.StartAsync("denoiser", "DiffusionMesh.Denoiser", arguments, cancellationToken),
        StandInMesh.VerifierHosts(arguments, cancellationToken),
        arguments,
        cancellationToken);
}
