using System.Collections.Concurrent;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;
using Grpc.Core;

namespace DiffusionMesh.Cli.Experiments.Running;

/// <summary>Runs what a store lacks of a plan. Each run is kept as soon as it ends.</summary>
internal sealed class MatrixRun(RunExecution execution, RunStore store, IReadOnlyDictionary<string, Pace> paces, ExperimentProgress progress)
{
    /// <summary>So many failed searches are taken for a failure of the whole.</summary>
    private const int MostFailures = 10;

    private readonly ConcurrentQueue<string> _failures = new();

    /// <param name="missing">The runs to do.</param>
    /// <param name="parallel">How many at once, but for those with a limit of time: these run alone.</param>
    /// <param name="cancellationToken">Cancels what runs; what has ended is kept.</param>
    /// <returns>Why searches failed, one sentence each.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlyList<PlannedRun> missing, int parallel, CancellationToken cancellationToken)
    {
        // By key, which mixes long runs of one sample with pools of many: batches of the network stay full.
        await RunAsync(missing.Where(run => run.Limit is null).OrderBy(run => run.Key, StringComparer.Ordinal), parallel);
        await RunAsync(missing.Where(run => run.Limit is not null), 1);
        return [.. _failures];

        Task RunAsync(IEnumerable<PlannedRun> runs, int atOnce) => Parallel.ForEachAsync(
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (run, token) => await RunOneAsync(run, token));
    }

    private async Task RunOneAsync(PlannedRun run, CancellationToken cancellationToken)
    {
        try
        {
            var (stored, images) = await execution.RunAsync(run, cancellationToken);
            store.Add(stored, images);
            progress.Done(stored.Ledger.NetworkRows, Estimate.Of([run], paces).Time);
        }
        catch (CommandFailure failure) when (_failures.Count < MostFailures && !cancellationToken.IsCancellationRequested)
        {
            _failures.Enqueue(failure.Message);
            progress.Failed(failure.Message);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
