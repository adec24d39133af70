using System.Collections.Immutable;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Algorithms;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>A specification with everything filled in, and what it takes to run it.</summary>
/// <param name="Verifiers">In the order of the specification's.</param>
/// <param name="PlannedCandidates">As far as the algorithm can tell.</param>
/// <param name="Priority">Where it stands among others; no part of what determines the result.</param>
internal sealed record ResolvedSearch(
    SearchSpec Spec,
    ISearchAlgorithm Algorithm,
    ImmutableArray<ResolvedVerifier> Verifiers,
    long PlannedCandidates,
    Priority Priority);

/// <summary>A verifier as it described itself.</summary>
internal sealed record ResolvedVerifier(VerifierChoice Choice, string Address, Verifier Description);
