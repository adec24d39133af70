using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Benchmarks;

/// <summary>docs/performance.md: every figure there stands between marks, and a benchmark writes what is between them.</summary>
internal static class PerformancePage
{
    private static readonly string Path = System.IO.Path.Combine(Build("RepositoryRoot"), "docs", "performance.md");

    /// <summary>A value that the project file gave the build.</summary>
    public static string Build(string key) => typeof(PerformancePage).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;

    /// <summary>Puts a table in the place of the last one.</summary>
    /// <param name="name">Of the marks: <c>begin NAME</c> and <c>end NAME</c>, as comments.</param>
    /// <param name="table">In Markdown.</param>
    public static void Replace(string name, string table)
    {
        var page = File.ReadAllText(Path);
        var (begin, end) = ($"<!-- begin {name} -->", $"<!-- end {name} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        var machine = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}), {RuntimeInformation.FrameworkDescription}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}");
        File.WriteAllText(Path, $"{page[..from]}\n{table.TrimEnd()}\n\n*{machine}*\n{page[to..]}");
        Console.WriteLine(table);
    }
}
