namespace DiffusionMesh.Search;

/// <summary>A score, or the reason why there is none. A missing score is never a number.</summary>
public abstract record ScoreOutcome
{
    private ScoreOutcome()
    {
    }

    /// <summary>A finite score within the range that the verifier declares.</summary>
    public sealed record Value(double Score) : ScoreOutcome;

    /// <summary>The verifier did not score the image.</summary>
    public sealed record Missing(string Reason) : ScoreOutcome;
}

/// <summary>What one verifier said of one image.</summary>
public sealed record VerifierScore(string Verifier, ScoreOutcome Outcome);
