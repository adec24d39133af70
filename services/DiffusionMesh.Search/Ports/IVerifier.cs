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

    /// <summary>Most images in one call, at least 1.</summary>
    int MaxBatchSize { get; }

    /// <summary>Calls that may be under way at once, at least 1.</summary>
    int Parallelism { get; }

    /// <summary>Scores images against a condition: one outcome for each, in their order.</summary>
    /// <exception cref="CallFailedException">None of them could be scored, whatever was tried.</exception>
    Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(
        IReadOnlyList<SampleImage> images,
        Condition? condition,
        CancellationToken cancellationToken);
}
