using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Search.Ranking;

/// <summary>The rules by which several verifiers can choose together.</summary>
public static class EnsembleRules
{
    /// <summary>What a search uses that names none.</summary>
    public const string Default = RankEnsemble.RuleName;

    public static Catalog<IEnsembleRule> All { get; } = new(new RankEnsemble(), new ZScoreEnsemble());
}
