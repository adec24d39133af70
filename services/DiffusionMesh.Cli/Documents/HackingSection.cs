namespace DiffusionMesh.Cli.Documents;

/// <summary>
/// How the searched score and the held-out ones moved: means over the best candidates so far, at most eight, as z-scores
/// (higher is better).
/// </summary>
internal sealed record HackingSection
{
    public required int Round { get; init; }

    public required double Searched { get; init; }

    public required double HeldOut { get; init; }

    /// <summary>Searched less held-out, less what that was in the first round.</summary>
    public required double Gap { get; init; }

    /// <summary>Mean distance of two of them: root mean square over their pixels, in 0 to 1.</summary>
    public required double Diversity { get; init; }

    /// <summary>Whether since the round before the searched score rose and the held-out one fell.</summary>
    public required bool Warning { get; init; }
}
