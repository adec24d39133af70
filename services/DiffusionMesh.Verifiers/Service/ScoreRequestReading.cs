using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Service;

/// <summary>A request that makes sense as a whole.</summary>
internal sealed record ScoreRequestReading(Condition? Condition, ImmutableArray<CandidateReading> Candidates);

/// <summary>A candidate: either what to score, or why it cannot be scored.</summary>
internal sealed record CandidateReading(ScoringCandidate? Candidate, ScoreOutcome.Error? Error);
