using System.CommandLine;
using DiffusionMesh.Benchmarks.Algorithms;
using DiffusionMesh.Benchmarks.Cancel;
using DiffusionMesh.Benchmarks.Engine;
using DiffusionMesh.Benchmarks.Memory;
using DiffusionMesh.Benchmarks.Node;
using DiffusionMesh.Benchmarks.Overhead;
using DiffusionMesh.Benchmarks.Ragged;
using DiffusionMesh.Benchmarks.Scaling;
using DiffusionMesh.Benchmarks.Soak;
using DiffusionMesh.Benchmarks.Storage;

namespace DiffusionMesh.Benchmarks;

/// <summary>One command for each benchmark; each writes its table.</summary>
internal static class BenchmarkCommands
{
    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "See whether it runs: a tenth of the time, and figures that mean little.",
        Recursive = true,
    };

    public static RootCommand All => new("Measures, and writes the tables of docs/performance.md and docs/scaling.md.")
    {
        Quick,
        Of("algorithms", "What each search algorithm costs by itself, with denoiser and verifier for nothing.",
            (_, _) => Task.FromResult(AlgorithmTable.Measure())),
        Of("memory", "What the orchestrator holds while it searches 256 candidates with four verifiers.",
            (_, token) => OrchestratorMemory.MeasureAsync(token)),
        Of("storage", "How soon entries are durable, and how long a page of searches takes.",
            (quick, token) => StorageBenchmark.MeasureAsync(quick ? 100 : 1_000, quick ? 100 : 1_000, token)),
        Of("engine", "What the engine adds to the network.",
            (quick, token) => EngineBenchmark.MeasureAsync(TimeSpan.FromSeconds(quick ? 2 : 30), token)),
        Of("ragged", "Step-level batching against static batching of whole requests.",
            (quick, token) => RaggedBenchmark.MeasureAsync(TimeSpan.FromSeconds(quick ? 1 : 6), token)),
        Of("node", "dmesh search against a script over onnxruntime-node.",
            (quick, token) => NodeBenchmark.MeasureAsync(quick ? 64 : 256, TimeSpan.FromSeconds(quick ? 1 : 120), token)),
        Of("overhead", "What the services add to a search.",
            (quick, token) => OverheadBenchmark.MeasureAsync(TimeSpan.FromSeconds(quick ? 2 : 25), token)),
        Of("dispatch", "How soon an idle denoiser begins.",
            (quick, token) => DispatchBenchmark.MeasureAsync(quick ? 500 : 5_000, token)),
        Of("tracing", "What exporting every trace costs.",
            (quick, token) => TracingBenchmark.MeasureAsync(TimeSpan.FromSeconds(quick ? 5 : 120), token)),
        Of("cancel", "How long a denoiser goes on after a cancellation.",
            (quick, token) => CancelBenchmark.MeasureAsync(quick ? 5 : 50, token)),
        Of("soak", "Whether memory grows over 10,000 searches.",
            (quick, token) => SoakBenchmark.MeasureAsync(quick ? 500 : 10_000, token)),
        Of("scaling", "What a search makes of 1 to 64 denoisers.",
            (quick, token) => ScalingBenchmark.MeasureAsync(quick, token)),
        Of("messages", "Bytes of what a candidate sends, receives and leaves in the journal.",
            (_, _) => Task.FromResult(MessageSizes.Measure()), FiguresPage.Scaling),
        Of("day", "What 10,000 GPUs and a million searches a day come to, a second.",
            (_, _) => Task.FromResult(DayAtScale.Table()), FiguresPage.Scaling),
    };

    private static Command Of(string name, string description, Func<bool, CancellationToken, Task<string>> measure, FiguresPage? page = null)
    {
        var command = new Command(name, description);
        command.SetAction(async (parse, cancellationToken) => (page ?? FiguresPage.Performance).Replace(name, await measure(parse.GetValue(Quick), cancellationToken)));
        return command;
    }
}
