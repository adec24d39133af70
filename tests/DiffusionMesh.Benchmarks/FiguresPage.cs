using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionMesh.Benchmarks;

/// <summary>Pages in docs whose figures stand between marks: a benchmark writes what is between them.</summary>
internal sealed class FiguresPage(string name)
{
    private readonly string _path = Path.Combine(Build("RepositoryRoot"), "docs", name);

    /// <summary>What was measured.</summary>
    public static FiguresPage Performance { get; } = new("performance.md");

    /// <summary>What follows from it on paper.</summary>
    public static FiguresPage Scaling { get; } = new("scaling.md");

    /// <summary>A value that the project file gave the build.</summary>
    public static string Build(string key) => typeof(FiguresPage).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == key).Value!;

    /// <summary>Puts a table in the place of the last one.</summary>
    /// <param name="mark">Its name stands in two comments, <c>begin NAME</c> and <c>end NAME</c>.</param>
    /// <param name="table">In Markdown.</param>
    public void Replace(string mark, string table)
    {
        var page = File.ReadAllText(_path);
        var (begin, end) = ($"<!-- begin {mark} -->", $"<!-- end {mark} -->");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        var machine = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyy-MM-dd}, {Environment.ProcessorCount} cores ({RuntimeInformation.ProcessArchitecture}), {RuntimeInformation.FrameworkDescription}, ONNX Runtime {OrtEnv.Instance().GetVersionString()}");
        File.WriteAllText(_path, $"{page[..from]}\n{table.TrimEnd()}\n\n*{machine}*\n{page[to..]}");
        Console.WriteLine(table);
    }

    /// <summary>Writes a file that the page shows.</summary>
    public Task WriteBesideAsync(string name, string content, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_path)!, name), content, cancellationToken);
}
