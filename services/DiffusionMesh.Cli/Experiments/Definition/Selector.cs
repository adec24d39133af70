namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>What chooses among candidates: a verifier, or several by a rule.</summary>
/// <param name="Label">What results call it; unique.</param>
/// <param name="Verifiers">At least one, with the weight of each.</param>
/// <param name="Rule"><c>rank</c> or <c>z-score</c>; without effect on a single verifier.</param>
/// <param name="Place">Where the file writes it.</param>
internal sealed record Selector(string Label, IReadOnlyList<WeightedVerifier> Verifiers, string Rule, string Place)
{
    public const string Rank = "rank";
    public const string ZScore = "z-score";

    public static IReadOnlyList<string> Rules { get; } = [Rank, ZScore];
}

internal sealed record WeightedVerifier(string Name, double Weight);
