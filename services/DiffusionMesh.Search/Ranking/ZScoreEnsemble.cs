namespace DiffusionMesh.Search.Ranking;

/// <summary>
/// Mean z-scores: how many standard deviations of its score over real images a candidate lies above their mean, as each
/// verifier describes them; below, where lower scores are better. A fixed scale: one verifier can outweigh the others.
/// </summary>
internal sealed class ZScoreEnsemble : IEnsembleRule
{
    public string Name => "z-score";

    public bool HigherIsBetter => true;

    public bool IsAbsolute => true;

    public bool NeedsRealScale => true;

    public double?[] OnSharedScale(double?[] scores, RankedVerifier verifier) =>
        Array.ConvertAll(scores, score => score is { } given ? verifier.RealScale!.Value.Standing(given, verifier.HigherIsBetter) : (double?)null);
}
