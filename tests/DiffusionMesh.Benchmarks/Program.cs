using System.CommandLine;
using DiffusionMesh.Benchmarks;
using DiffusionMesh.Benchmarks.Algorithms;
using DiffusionMesh.Benchmarks.Memory;

var algorithms = new Command("algorithms", "What each search algorithm costs by itself, with denoiser and verifier for nothing.");
algorithms.SetAction(_ => PerformancePage.Replace("algorithms", AlgorithmTable.Measure()));

var memory = new Command("memory", "What the orchestrator holds while it searches 256 candidates with four verifiers.");
memory.SetAction(async (_, cancellationToken) =>
    PerformancePage.Replace("memory", await OrchestratorMemory.MeasureAsync(cancellationToken)));

return await new RootCommand("Measures, and writes the tables of docs/performance.md.") { algorithms, memory }.Parse(args).InvokeAsync();
