namespace DiffusionMesh.Search.Ports;

/// <summary>
/// The one seam through which the world outside ends a search. Algorithms never see it: it is asked between rounds, and
/// the answer goes to the journal, which a replay reads instead.
/// </summary>
public interface IStopSignal
{
    /// <summary>Fires when work under way should be cancelled as well.</summary>
    CancellationToken Cancelled { get; }

    /// <summary>Why no further round should begin; null to go on.</summary>
    /// <param name="round">The round about to begin, from 0.</param>
    StopReason? BeforeRound(int round);
}
