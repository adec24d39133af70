using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>One way to score samples. Everything around it (requests, limits, errors) is done before it is asked.</summary>
public interface IScorer
{
    /// <summary>What it is and what it needs. The same object for as long as it lives.</summary>
    ScorerDescription Description { get; }

    /// <summary>
    /// Checks what the description cannot say about a condition, for example the words of a prompt.
    /// Its kind is one that the description lists.
    /// </summary>
    /// <param name="condition">The condition, or null for none.</param>
    /// <param name="field">Path of the condition in the request.</param>
    /// <param name="violations">Where what is wrong is written.</param>
    void ValidateCondition(Condition? condition, string field, FieldViolations violations);

    /// <summary>Checks a state that is not empty, for scorers that need one. The others ignore it.</summary>
    /// <param name="state">What an earlier outcome is said to have returned.</param>
    /// <param name="field">Path of the state in the request.</param>
    /// <param name="violations">Where what is wrong is written.</param>
    void ValidateState(ReadOnlySpan<byte> state, string field, FieldViolations violations)
    {
    }

    /// <summary>Scores candidates against a condition and a state that were found valid. Calls may overlap.</summary>
    /// <returns>
    /// One outcome a candidate, in their order. The outcome of a candidate does not depend on which
    /// others come with it, nor on other calls.
    /// </returns>
    Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken);
}
