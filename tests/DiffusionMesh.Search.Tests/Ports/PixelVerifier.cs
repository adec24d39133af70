using System.Collections.Concurrent;
using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>A verifier in memory: the score is a function of the pixels, by default their mean in [0, 1].</summary>
internal sealed class PixelVerifier : IVerifier
{
    private readonly ConcurrentQueue<string> _scored = new();

    public string Name { get; init; } = "brightness";

    public bool HigherIsBetter { get; init; } = true;

    public double Minimum => 0;

    public double Maximum => 1;

    public ScoreScale? RealScale { get; init; }

    public ImmutableArray<double> XPredictionLevels { get; init; } = [];

    public bool NeedsState { get; init; }

    public int MaxBatchSize { get; init; } = 3;

    public int Parallelism { get; init; } = 1;

    public Func<SampleImage, ScoreOutcome> Score { get; init; } = image => new ScoreOutcome.Value(Brightness(image));

    /// <summary>Is awaited before anything is scored.</summary>
    public Func<CancellationToken, Task> BeforeScore { get; init; } = _ => Task.CompletedTask;

    /// <summary>Makes an answer of what was scored: a place to lie.</summary>
    public Func<List<ScoreOutcome>, IReadOnlyList<ScoreOutcome>> Answer { get; init; } = outcomes => outcomes;

    /// <summary>Says which other weights scored, given how many images it was asked to score so far.</summary>
    public Func<int, VerifierReplacement?> Replacement { get; init; } = _ => null;

    /// <summary>What the search says of it.</summary>
    public Func<VerifierChoice, VerifierChoice> Chosen { get; init; } = choice => choice;

    /// <summary>Digests of everything it was asked to score.</summary>
    public IReadOnlyCollection<string> Scored => _scored;

    public static double Brightness(SampleImage image)
    {
        var sum = 0;
        foreach (var pixel in image.Pixels.Span)
        {
            sum += pixel;
        }

        return sum / (255.0 * image.Pixels.Length);
    }

    public int BatchSizeFor(SampledSegment sample) => MaxBatchSize;

    public async Task<ScoredBatch> ScoreAsync(
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        Assert.InRange(samples.Count, 1, MaxBatchSize);
        await Task.Yield();
        await BeforeScore(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var sample in samples)
        {
            _scored.Enqueue(sample.Image.Digest);
        }

        var replacement = Replacement(_scored.Count);
        return new ScoredBatch(Answer([.. samples.Select(sample => Score(sample.Image))])) { Replacement = replacement };
    }

    public Task<ReadOnlyMemory<byte>> StateAfterAsync(SampledSegment sample, Condition? condition, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>>(Convert.FromHexString(sample.Image.Digest["sha256:".Length..]));
}
