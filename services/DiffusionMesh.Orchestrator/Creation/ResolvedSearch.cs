using System.Collections.Immutable;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Algorithms;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>A specification with everything filled in, and what it takes to run it.</summary>
/// <param name="Verifiers">In the order of the specification's.</param>
/// <param name="PlannedCandidates">As far as the algorithm can tell.</param>
internal sealed record ResolvedSearch(
    SearchSpec Spec,
    ISearchAlgorithm Algorithm,
    ImmutableArray<ResolvedVerifier> Verifiers,
    long PlannedCandidates);

/// <summary>A verifier as it described itself.</summary>
internal sealed record ResolvedVerifier(VerifierChoice Choice, string Address, Verifier Description);
