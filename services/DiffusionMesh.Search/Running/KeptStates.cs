using System.Collections.Immutable;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>Asks verifiers with state for the one that follows if the winner is kept.</summary>
internal static class KeptStates
{
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> None { get; } =
        ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

    /// <param name="kept">The winner; null if there is none.</param>
    /// <exception cref="CallFailedException">A verifier did not answer, whatever was tried.</exception>
    public static async Task<ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>> AskAsync(
        SearchSpec spec,
        ImmutableArray<IVerifier> verifiers,
        SampledSegment? kept,
        CancellationToken abort)
    {
        var states = None;
        if (kept is null || abort.IsCancellationRequested)
        {
            return states;
        }

        foreach (var verifier in verifiers.Where(verifier => verifier.NeedsState))
        {
            states = states.Add(verifier.Name, await verifier.StateAfterAsync(kept, spec.Condition, abort).ConfigureAwait(false));
        }

        return states;
    }
}
