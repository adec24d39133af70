using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>Scores images outside a search.</summary>
public static class ImageScoring
{
    /// <summary>Has every sample scored by every verifier, in calls as large as each takes.</summary>
    /// <returns>For each sample, in their order, one score of each verifier, in theirs.</returns>
    public static async Task<IReadOnlyList<ImmutableArray<VerifierScore>>> RunAsync(
        IReadOnlyList<SampledSegment> samples,
        ImmutableArray<IVerifier> verifiers,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        var columns = await Task.WhenAll(verifiers.Select(verifier => RunAsync(samples, verifier, condition, cancellationToken))).ConfigureAwait(false);
        return [.. Enumerable.Range(0, samples.Count).Select(i => columns.Select(column => column[i]).ToImmutableArray())];
    }

    private static async Task<VerifierScore[]> RunAsync(
        IReadOnlyList<SampledSegment> samples, IVerifier verifier, Condition? condition, CancellationToken cancellationToken)
    {
        var scores = new VerifierScore[samples.Count];
        var batchSize = samples.Select(verifier.BatchSizeFor).DefaultIfEmpty(1).Min();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = verifier.Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, samples.Count).Chunk(batchSize), parallel, async (batch, token) =>
        {
            var scored = await CheckedVerifier.ScoreAsync(verifier, [.. batch.Select(i => samples[i])], condition, token).ConfigureAwait(false);
            foreach (var i in batch)
            {
                scores[i] = new VerifierScore(verifier.Name, scored.Outcomes[i - batch[0]]);
            }
        }).ConfigureAwait(false);
        return scores;
    }
}
