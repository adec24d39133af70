using System.Diagnostics;
using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Measuring;
using DiffusionMesh.Benchmarks.Simulated;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks.Ragged;

/// <summary>Step-level batching against static batching of whole requests, on the embedded model and on a simulated accelerator.</summary>
internal static class RaggedBenchmark
{
    private const int MaxRows = 32;
    private const int Seed = 1;
    private const int Rounds = 3;

    // In parts of the rate at which full batches of useful rows would serve.
    private const double Overload = 2;
    private const double Moderate = 0.3;

    private static readonly TimeSpan Evaluation = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Row = TimeSpan.FromMilliseconds(0.125);

    public static async Task<string> MeasureAsync(TimeSpan timePerLoad, CancellationToken cancellationToken)
    {
        var table = new StringBuilder("""
            | model | batching | requests a second, overloaded | by static | p50 / p99 at a moderate load, ms |
            |---|---|--:|--:|--:|

            """);
        foreach (var (name, network) in new (string, IDenoiserNetwork?)[]
        {
            (EmbeddedModel.Name, null),
            (string.Create(CultureInfo.InvariantCulture, $"simulated, {Evaluation.TotalMilliseconds:0.###} ms + {Row.TotalMilliseconds:0.###} ms a row"), new SimulatedAccelerator(Evaluation, Row)),
        })
        {
            using var model = EmbeddedModel.Load(network);
            await MeasureAsync(name, model, timePerLoad, table, cancellationToken);
        }

        return table.ToString();
    }

    private static async Task MeasureAsync(string name, DiffusionModel model, TimeSpan timePerLoad, StringBuilder table, CancellationToken cancellationToken)
    {
        using var whole = new StaticBatching(model, MaxRows, lettingGo: false);
        using var shrinking = new StaticBatching(model, MaxRows, lettingGo: true);
        using var stepLevel = new StepLevelBatching(model);
        (string Name, Func<RaggedRequest, CancellationToken, Task> Serve)[] ways =
        [
            ("static", whole.ServeAsync),
            ("static, rows leave", shrinking.ServeAsync),
            ("step-level", stepLevel.ServeAsync),
        ];

        var capacity = RowsPerSecond(model) / RaggedLoad.MeanUsefulSteps;
        var overload = await RunAsync(ways, capacity * Overload, (int)(capacity * timePerLoad.TotalSeconds), cancellationToken);
        var moderate = await RunAsync(ways, capacity * Moderate, (int)(capacity * Moderate * timePerLoad.TotalSeconds), cancellationToken);
        for (var way = 0; way < ways.Length; way++)
        {
            var rates = overload[way].Select(run => run.Latencies.Length / run.Seconds).ToArray();
            var byStatic = Contest.Ratio(rates, [.. overload[0].Select(run => run.Latencies.Length / run.Seconds)]);
            double[] latencies = [.. moderate[way].SelectMany(run => run.Latencies).Order()];
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {ways[way].Name} | {Spread.Of(rates).Median:0.0} | {byStatic.Text("0.00")} | {Spread.Quantile(latencies, 0.5) * 1_000:0} / {Spread.Quantile(latencies, 0.99) * 1_000:0} |");
        }
    }

    // The same loads for all, in turns.
    private static async Task<RaggedRun[][]> RunAsync(
        (string Name, Func<RaggedRequest, CancellationToken, Task> Serve)[] ways, double rate, int requests, CancellationToken cancellationToken)
    {
        var runs = ways.Select(_ => new RaggedRun[Rounds]).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var way = 0; way < ways.Length; way++)
            {
                runs[way][round] = await RaggedRun.ServeAsync(RaggedLoad.Draw(requests, rate, Seed + round), ways[way].Serve, cancellationToken);
            }
        }

        return runs;
    }

    private static double RowsPerSecond(DiffusionModel model)
    {
        const int Evaluations = 20;
        using var batch = model.CreateBatch(MaxRows, model.Shape);
        while (batch.Rows < MaxRows)
        {
            batch.Add(new float[model.Shape.Elements], 1, model.Unconditional);
        }

        model.Evaluate(batch);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < Evaluations; i++)
        {
            model.Evaluate(batch);
        }

        return Evaluations * MaxRows / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
