using System.CommandLine;
using DiffusionMesh.Benchmarks;
using DiffusionMesh.Benchmarks.Algorithms;
using DiffusionMesh.Benchmarks.Engine;
using DiffusionMesh.Benchmarks.Memory;
using DiffusionMesh.Benchmarks.Ragged;

var algorithms = new Command("algorithms", "What each search algorithm costs by itself, with denoiser and verifier for nothing.");
algorithms.SetAction(_ => PerformancePage.Replace("algorithms", AlgorithmTable.Measure()));

var memory = new Command("memory", "What the orchestrator holds while it searches 256 candidates with four verifiers.");
memory.SetAction(async (_, cancellationToken) =>
    PerformancePage.Replace("memory", await OrchestratorMemory.MeasureAsync(cancellationToken)));

var engine = new Command("engine", "What the engine adds to the network.");
engine.SetAction(async (_, cancellationToken) =>
    PerformancePage.Replace("engine", await EngineBenchmark.MeasureAsync(TimeSpan.FromSeconds(20), cancellationToken)));

var ragged = new Command("ragged", "Step-level batching against static batching of whole requests.");
ragged.SetAction(async (_, cancellationToken) =>
    PerformancePage.Replace("ragged", await RaggedBenchmark.MeasureAsync(TimeSpan.FromSeconds(6), cancellationToken)));

return await new RootCommand("Measures, and writes the tables of docs/performance.md.") { algorithms, memory, engine, ragged }.Parse(args).InvokeAsync();
