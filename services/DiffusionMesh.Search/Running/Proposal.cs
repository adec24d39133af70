using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Search.Running;

/// <summary>A candidate that an algorithm would like to try.</summary>
/// <param name="Noise">Where it starts.</param>
/// <param name="Parent">Number of the candidate it was derived from; null for a fresh one.</param>
public sealed record Proposal(NoiseExpression Noise, int? Parent = null);
