using System.CommandLine;
using DiffusionMesh.Benchmarks.Algorithms;
using DiffusionMesh.Benchmarks.Engine;
using DiffusionMesh.Benchmarks.Memory;
using DiffusionMesh.Benchmarks.Node;
using DiffusionMesh.Benchmarks.Ragged;

namespace DiffusionMesh.Benchmarks;

/// <summary>One command for each benchmark; each writes its table.</summary>
internal static class BenchmarkCommands
{
    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "See whether it runs: a tenth of the time, and figures that mean little.",
        Recursive = true,
    };

    public static RootCommand All => new("Measures, and writes the tables of docs/performance.md.")
    {
        Quick,
        Of("algorithms", "What each search algorithm costs by itself, with denoiser and verifier for nothing.",
            (_, _) => Task.FromResult(AlgorithmTable.Measure())),
        Of("memory", "What the orchestrator holds while it searches 256 candidates with four verifiers.",
            (_, token) => OrchestratorMemory.MeasureAsync(token)),
        Of("engine", "What the engine adds to the network.",
            (quick, token) => EngineBenchmark.MeasureAsync(TimeSpan.FromSeconds(quick ? 2 : 30), token)),
        Of("ragged", "Step-level batching against static batching of whole requests.",
            (quick, token) => RaggedBenchmark.MeasureAsync(TimeSpan.FromSeconds(quick ? 1 : 6), token)),
        Of("node", "dmesh search against a script over onnxruntime-node.",
            (quick, token) => NodeBenchmark.MeasureAsync(quick ? 64 : 256, TimeSpan.FromSeconds(quick ? 1 : 120), token)),
    };

    private static Command Of(string name, string description, Func<bool, CancellationToken, Task<string>> measure)
    {
        var command = new Command(name, description);
        command.SetAction(async (parse, cancellationToken) => PerformancePage.Replace(name, await measure(parse.GetValue(Quick), cancellationToken)));
        return command;
    }
}
