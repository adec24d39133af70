using System.Diagnostics;
using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Benchmarks.Measuring;
using DiffusionMesh.Benchmarks.Simulated;

namespace DiffusionMesh.Benchmarks.Overhead;

/// <summary>What the services add to a search: its time by the least time that the model's evaluations need.</summary>
internal static class OverheadBenchmark
{
    private const int MaxRows = 32;
    private const int Steps = 20;
    private const int FewestRounds = 3;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    private static readonly int[] Milliseconds = [0, 1, 10, 50];
    private static readonly int[] Candidates = [8, 32, 256];

    /// <param name="time">For each step time.</param>
    public static async Task<string> MeasureAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var table = new StringBuilder("""
            | an evaluation takes, ms | candidates | least possible, ms | search, ms | search / least | orchestrator's CPU, µs a candidate step |
            |--:|--:|--:|--:|--:|--:|

            """);
        foreach (var milliseconds in Milliseconds)
        {
            await MeasureAsync(milliseconds, time, table, cancellationToken);
        }

        return table.ToString();
    }

    private static async Task MeasureAsync(int milliseconds, TimeSpan time, StringBuilder table, CancellationToken cancellationToken)
    {
        var evaluation = SimulatedAccelerator.Measure(TimeSpan.FromMilliseconds(milliseconds));
        using var mesh = await StandInMesh.StartAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);
        await WarmUpAsync(mesh, cancellationToken);

        var processor = Candidates.Select(_ => new List<double>()).ToArray();
        var seconds = await Contest.RunAsync(
            [.. Candidates.Select((count, i) => Contest.Timed(async token =>
            {
                var before = mesh.Orchestrator.ProcessorSeconds;
                await mesh.SearchAsync(StandInMesh.Search(count, Steps), token);
                processor[i].Add(mesh.Orchestrator.ProcessorSeconds - before);
            }))],
            time, FewestRounds, cancellationToken);
        for (var i = 0; i < Candidates.Length; i++)
        {
            var least = Steps * evaluation.TotalMilliseconds * Math.Max(1, (double)Candidates[i] / MaxRows);
            var took = Spread.Of(seconds[i].Select(each => each * 1_000));
            var ratio = milliseconds == 0 ? "" : Spread.Of(seconds[i].Select(each => each * 1_000 / least)).Text("0.00");
            var microseconds = processor[i].Skip(1).Average() * 1e6 / (Candidates[i] * Steps);
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {milliseconds} | {Candidates[i]} | {least:0} | {took.Median:0.0} | {ratio} | {microseconds:0} |");
        }
    }

    // The runtime compiles what runs often a second time, and better.
    private static async Task WarmUpAsync(MeshUnderTest mesh, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < WarmUp)
        {
            await mesh.SearchAsync(StandInMesh.Search(MaxRows, steps: 1), cancellationToken);
        }
    }
}
