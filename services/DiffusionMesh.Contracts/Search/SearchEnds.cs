using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Contracts;

/// <summary>What the state of a search allows.</summary>
public static class SearchEnds
{
    /// <summary>Whether nothing runs or waits any more.</summary>
    public static bool HasEnded(this SearchMessage search) => search.State is not (SearchState.Queued or SearchState.Running);

    /// <summary>Whether it ended as its specification says, so that there is nothing to go on with.</summary>
    public static bool IsComplete(this SearchMessage search) => search is { State: SearchState.Succeeded, StopReason: not StopReason.TimeLimit };
}
