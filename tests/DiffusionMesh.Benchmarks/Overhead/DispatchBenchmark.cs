using System.Diagnostics;
using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Engine;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Benchmarks.Measuring;
using DiffusionMesh.Benchmarks.Simulated;
using Grpc.Core;

namespace DiffusionMesh.Benchmarks.Overhead;

/// <summary>How soon the first evaluation begins after a client has sent a call to a denoiser that has nothing else to do.</summary>
internal static class DispatchBenchmark
{
    private const int WarmUp = 200;

    public static async Task<string> MeasureAsync(int calls, CancellationToken cancellationToken)
    {
        var clock = new EvaluationClock();
        await using var denoiser = await DenoiserInProcess.StartAsync(
            own => clock.Observe(new Instead(own, new SimulatedAccelerator(TimeSpan.Zero, TimeSpan.Zero))), cancellationToken);
        var request = EngineRequests.Of(EmbeddedModel.Name, trajectories: 1, steps: 1).Single();
        var delays = new List<double>();
        for (var i = 0; i < WarmUp + calls; i++)
        {
            var evaluated = clock.NextAsync(1);
            var sent = Stopwatch.GetTimestamp();
            using var call = denoiser.Client.Sample(request, cancellationToken: cancellationToken);
            await foreach (var _ in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
            }

            await evaluated;
            delays.Add(Stopwatch.GetElapsedTime(sent, clock.FirstStart).TotalMilliseconds);
        }

        double[] sorted = [.. delays.Skip(WarmUp).Order()];
        return new StringBuilder()
            .AppendLine("| calls | p50, ms | p99, ms |")
            .AppendLine("|--:|--:|--:|")
            .AppendLine(CultureInfo.InvariantCulture, $"| {calls} | {Spread.Quantile(sorted, 0.5):0.00} | {Spread.Quantile(sorted, 0.99):0.00} |")
            .ToString();
    }
}
