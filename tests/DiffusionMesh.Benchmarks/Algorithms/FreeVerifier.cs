using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Benchmarks.Algorithms;

/// <summary>A verifier that costs nothing: the score is the first pixel.</summary>
internal sealed class FreeVerifier : IVerifier
{
    public string Name => "free";

    public bool HigherIsBetter => true;

    public double Minimum => 0;

    public double Maximum => 1;

    public ScoreScale? RealScale => new ScoreScale(0.5, 0.3);

    public ImmutableArray<double> XPredictionLevels => [];

    public bool NeedsState => false;

    public int Parallelism => 1;

    public int BatchSizeFor(SampledSegment sample) => 64;

    public Task<ScoredBatch> ScoreAsync(
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        CancellationToken cancellationToken) =>
        Task.FromResult(new ScoredBatch(
            [.. samples.Select(sample => new ScoreOutcome.Value(sample.Image.Pixels.Span[0] / 255.0))]));

    public Task<ReadOnlyMemory<byte>> StateAfterAsync(SampledSegment sample, Condition? condition, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
