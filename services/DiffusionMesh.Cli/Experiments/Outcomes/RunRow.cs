using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>What came out at one cell, seed and condition.</summary>
/// <param name="Chosen">The sample; scores may have been added to those of the search.</param>
/// <param name="Ledger">Of the search; for a prefix of a pool, the prefix's share.</param>
/// <param name="Candidates">How many were chosen among.</param>
internal sealed record RunRow(
    PlannedRow Planned, StoredRun Run, StoredCandidate Chosen, StoredLedger Ledger, int Candidates)
{
    /// <summary>Features and class probabilities of the sample; null until they are known.</summary>
    public SampleFeatures? Features { get; init; }

    public IReadOnlyDictionary<string, double> Scores { get; init; } = Chosen.Scores;

    public Cell Cell => Planned.Cell;

    /// <summary>What the judge gives to the class asked for.</summary>
    public double? ClassProbability =>
        Features is { } features && Planned.Condition.ClassLabel is { } label && label < features.Probabilities.Length ? features.Probabilities[label] : null;
}

/// <summary>What the feature service says of an image: features [D] and class probabilities [K].</summary>
internal sealed record SampleFeatures(float[] Features, float[] Probabilities);
