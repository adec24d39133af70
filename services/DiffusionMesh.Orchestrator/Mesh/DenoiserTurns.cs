using DiffusionMesh.Contracts.DenoiserV1;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Where a search stands among others that share the denoisers.</summary>
/// <param name="FairnessKey">All calls of the search take one turn together.</param>
/// <param name="Priority">The lane that they wait in.</param>
internal sealed record DenoiserTurns(string FairnessKey, Priority Priority);
