using System.Globalization;
using System.Text;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace DiffusionMesh.Benchmarks.Algorithms;

/// <summary>Time and memory that each algorithm takes for a candidate, all in one run.</summary>
internal static class AlgorithmTable
{
    public static string Measure()
    {
        var config = ManualConfig.CreateEmpty()
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        var summary = BenchmarkRunner.Run<AlgorithmSearch>(config);

        var table = new StringBuilder("""
            | algorithm | candidates | µs a candidate | KiB allocated a candidate |
            |---|--:|--:|--:|

            """);
        foreach (var report in summary.Reports.Where(report => report.Success))
        {
            var name = (string)report.BenchmarkCase.Parameters[nameof(AlgorithmSearch.Algorithm)];
            var candidates = new AlgorithmSearch { Algorithm = name }.RunAsync().GetAwaiter().GetResult().Candidates.Length;
            var microseconds = report.ResultStatistics!.Mean / 1_000 / candidates;
            var bytes = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? 0;
            table.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {candidates} | {microseconds:0.0} | {bytes / 1024.0 / candidates:0.0} |");
        }

        return table.ToString();
    }
}
