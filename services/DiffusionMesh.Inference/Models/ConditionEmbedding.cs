namespace DiffusionMesh.Inference.Models;

/// <summary>A condition as the network takes it.</summary>
/// <param name="ClassLabel">The class, or the label that means "none".</param>
/// <param name="Text">Text embedding, or empty for none.</param>
public sealed record ConditionEmbedding(long ClassLabel, ReadOnlyMemory<float> Text);
