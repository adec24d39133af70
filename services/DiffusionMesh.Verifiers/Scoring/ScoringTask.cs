using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Imaging;

namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>Candidates to score.</summary>
/// <param name="Candidates">At least one.</param>
/// <param name="Condition">What they should show, of a kind that the scorer lists; null for none.</param>
/// <param name="State">What an earlier outcome returned; empty at the beginning and for scorers without state.</param>
/// <param name="ReturnState">Whether the caller wants the state that follows each candidate.</param>
public sealed record ScoringTask(
    ImmutableArray<ScoringCandidate> Candidates,
    Condition? Condition,
    ReadOnlyMemory<byte> State,
    bool ReturnState)
{
    /// <summary>One image of each candidate.</summary>
    /// <param name="position">In the order of the scorer's description.</param>
    public ImmutableArray<PixelImage> Images(int position) => [.. Candidates.Select(candidate => candidate.Images[position].Pixels)];
}

/// <summary>A candidate that brings everything it has to.</summary>
/// <param name="Id">For messages; it never influences a score.</param>
/// <param name="Images">One for each image that the scorer requires, in the order of its description.</param>
public sealed record ScoringCandidate(string Id, ImmutableArray<ScoringImage> Images);

/// <summary>An image to score.</summary>
/// <param name="Pixels">Of any size, grey or RGB.</param>
/// <param name="NoiseLevel">For x-predictions: the noise level of the evaluation that made it, in [0, 1].</param>
public sealed record ScoringImage(PixelImage Pixels, double NoiseLevel);
