using System.Collections.Immutable;
using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Search.Ports;

/// <summary>A verifier as a search sees it. What it answers is checked, never trusted.</summary>
public interface IVerifier
{
    /// <summary>The name under which the search chose it.</summary>
    string Name { get; }

    bool HigherIsBetter { get; }

    /// <summary>Least score that it can give.</summary>
    double Minimum { get; }

    /// <summary>Greatest score that it can give.</summary>
    double Maximum { get; }

    /// <summary>Mean and standard deviation of its score over real images; null if never measured.</summary>
    ScoreScale? RealScale { get; }

    /// <summary>Noise levels at which it wants predictions of the clean sample, beside the sample; often none.</summary>
    ImmutableArray<double> XPredictionLevels { get; }

    /// <summary>Whether its scores depend on a state, which the best candidate changes.</summary>
    bool NeedsState { get; }

    /// <summary>Calls that may be under way at once, at least 1.</summary>
    int Parallelism { get; }

    /// <summary>Most samples like this one in one call, at least 1.</summary>
    int BatchSizeFor(SampledSegment sample);

    /// <summary>Scores samples against a condition: one outcome for each, in their order.</summary>
    /// <exception cref="CallFailedException">None of them could be scored, whatever was tried.</exception>
    Task<ScoredBatch> ScoreAsync(
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        CancellationToken cancellationToken);

    /// <summary>The state that follows if a sample is kept. Only where <see cref="NeedsState"/>.</summary>
    /// <exception cref="CallFailedException">It did not answer, whatever was tried.</exception>
    Task<ReadOnlyMemory<byte>> StateAfterAsync(SampledSegment sample, Condition? condition, CancellationToken cancellationToken);
}

/// <summary>Mean and standard deviation of a score, to bring it onto one scale with others.</summary>
/// <param name="Deviation">More than 0.</param>
public readonly record struct ScoreScale(double Mean, double Deviation)
{
    /// <summary>How many standard deviations a score is better than the mean.</summary>
    public double Standing(double score, bool higherIsBetter) =>
        higherIsBetter ? (score - Mean) / Deviation : (Mean - score) / Deviation;
}
