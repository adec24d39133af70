using System.Diagnostics;
using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Hosts;
using DiffusionMesh.Benchmarks.Measuring;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Benchmarks.Scaling;

/// <summary>A search on more and more denoisers that sleep: how much of them it uses, and what that costs the orchestrator.</summary>
internal static class ScalingBenchmark
{
    private const string Plot = "performance-scaling.svg";

    // Searches that take longer than this are measured once.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    // Searches that take longer than this run side by side: they are asleep nearly all the time.
    private static readonly TimeSpan VeryLong = TimeSpan.FromSeconds(30);

    private static readonly int[] StepMilliseconds = [1, 20];
    private static readonly int[] Pods = [1, 2, 4, 8, 16, 32, 64];

    /// <param name="quick">Whether a few seconds must do.</param>
    public static async Task<string> MeasureAsync(bool quick, CancellationToken cancellationToken)
    {
        var rows = new List<ScalingRow>();
        var settings = StepMilliseconds
            .SelectMany(milliseconds => Pods.Select(pods => new ScalingSetting(pods, milliseconds, quick ? 64 : 512)))
            .Append(new ScalingSetting(64, 20, quick ? 64 : 512, Unequal: true))
            .ToLookup(setting => setting.Least > VeryLong);
        foreach (var setting in settings[false])
        {
            rows.Add(await MeasureAsync(setting, rounds: quick || setting.Least > Long ? 1 : 5, cancellationToken));
        }

        rows.AddRange(await Task.WhenAll(settings[true].Select(setting => MeasureAsync(setting, rounds: 1, cancellationToken))));
        rows.Sort((one, other) => Order(one).CompareTo(Order(other)));
        await FiguresPage.Performance.WriteBesideAsync(Plot, ScalingPlot.Of([.. rows.Where(row => !row.Setting.Unequal)]), cancellationToken);
        return Table(rows);

        static (int, int, bool) Order(ScalingRow row) => (row.Setting.StepMilliseconds, row.Setting.Pods, row.Setting.Unequal);
    }

    private static async Task<ScalingRow> MeasureAsync(ScalingSetting setting, int rounds, CancellationToken cancellationToken)
    {
        var pods = HostUnderTest.StartStandInAsync(
            StandInHosts.SleepingPods,
            [
                $"--{SleepingPods.Pods}={setting.Pods}",
                string.Create(CultureInfo.InvariantCulture, $"--{SleepingPods.StepMilliseconds}={setting.StepMilliseconds}"),
                $"--{SleepingPods.Unequal}={setting.Unequal}",
            ],
            cancellationToken);
        using var mesh = await MeshUnderTest.StartAsync(pods, StandInMesh.VerifierHosts([], cancellationToken), [], cancellationToken);
        await WarmUpAsync(mesh, setting, cancellationToken);

        var (seconds, processor) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var before = mesh.Orchestrator.ProcessorSeconds;
            var start = Stopwatch.GetTimestamp();
            await mesh.SearchAsync(Search(setting.Candidates, ScalingSetting.Steps), cancellationToken);
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            processor.Add(mesh.Orchestrator.ProcessorSeconds - before);
        }

        var row = new ScalingRow(setting, Spread.Of(seconds), processor.Average() * 1e6 / (setting.Candidates * ScalingSetting.Steps));
        Console.Error.WriteLine($"{setting.StepMilliseconds} ms, {setting.Pods} pods{(setting.Unequal ? ", unequal" : "")}: {row.Seconds.Median:0.000} s, {row.Efficiency:0.000}");
        return row;
    }

    // All connections are open after it, and the runtime has compiled what runs often a second time, and better.
    private static async Task WarmUpAsync(MeshUnderTest mesh, ScalingSetting setting, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(4))
        {
            await mesh.SearchAsync(Search(Math.Min(512, setting.Pods * 8), steps: 1), cancellationToken);
        }
    }

    // In one round: a round ends when its last candidate is scored.
    private static SearchSpec Search(int candidates, int steps) => new()
    {
        Condition = new Condition { Prompt = "sleep" },
        Algorithm = "random",
        Parameters = { ["round_size"] = candidates.ToString(CultureInfo.InvariantCulture) },
        BudgetNfe = (long)candidates * steps,
        Sampler = "euler",
        Steps = steps,
        Guidance = 1,
        Verifiers = { new VerifierSelection { Name = StandInMesh.Verifier } },
    };

    private static string Table(List<ScalingRow> rows)
    {
        var table = new StringBuilder("""
            | a step takes, ms | denoisers | least possible, s | search, s | efficiency | orchestrator's CPU, µs a candidate step | cores that it used |
            |--:|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var (setting, seconds, microseconds) in rows)
        {
            var cores = microseconds * setting.Candidates * ScalingSetting.Steps / 1e6 / seconds.Median;
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {setting.StepMilliseconds} | {(setting.Unequal ? $"{setting.Pods}, half of them take 40" : $"{setting.Pods}")} | {setting.Least.TotalSeconds:0.000} | {seconds.Text("0.000")} | {setting.Least.TotalSeconds / seconds.Median:0.000} | {microseconds:0.0} | {cores:0.00} |");
        }

        return table.Append(CultureInfo.InvariantCulture, $"\n![Efficiency over the number of denoisers]({Plot})\n").ToString();
    }
}
