namespace DiffusionMesh.Metrics;

/// <summary>How much of what is generated is realistic, and how much of what is real is generated.</summary>
/// <param name="Precision">Share of the generated samples within the manifold of the real ones.</param>
/// <param name="Recall">Share of the real samples within the manifold of the generated ones.</param>
public readonly record struct PrecisionRecall(double Precision, double Recall);
