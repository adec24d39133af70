using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Verifier.Aesthetic;
using DiffusionMesh.Verifier.Clip;
using DiffusionMesh.Verifier.Dino;
using DiffusionMesh.Verifier.Oracle;
using DiffusionMesh.Verifier.SelfSupervised;
using Microsoft.AspNetCore.Builder;

namespace DiffusionMesh.Functional.Tests.Scorers;

/// <summary>A verifier as it is deployed.</summary>
/// <param name="Name">What it calls itself.</param>
/// <param name="Build">Builds its host.</param>
/// <param name="Mode">Its configuration.</param>
/// <param name="Condition">One that it scores against.</param>
/// <param name="Kinds">All kinds that it scores against.</param>
internal sealed record ScorerCase(
    string Name,
    Func<string[], WebApplication> Build,
    string[] Mode,
    Condition? Condition,
    params ConditionKind[] Kinds)
{
    private static readonly Condition Boot = new() { ClassLabel = 9 };
    private static readonly ConditionKind[] Any = [ConditionKind.None, ConditionKind.Prompt, ConditionKind.Class];

    /// <summary>Every scorer there is, by what tests call it.</summary>
    public static IReadOnlyDictionary<string, ScorerCase> All { get; } = new Dictionary<string, ScorerCase>
    {
        ["clip-score"] = new("clip", ClipVerifierHost.Build, [], Boot, ConditionKind.Prompt, ConditionKind.Class),
        ["clip-class-logit"] = new("clip", ClipVerifierHost.Build, ["--Verifier:Score=class-logit"], Boot, ConditionKind.Class),
        ["dino"] = new("dino", DinoVerifierHost.Build, [], Boot, ConditionKind.Class),
        ["aesthetic"] = new("aesthetic", AestheticVerifierHost.Build, [], null, Any),
        ["self-supervised-dino"] = new("self-supervised", SelfSupervisedVerifierHost.Build, [], null, Any),
        ["self-supervised-clip"] = new("self-supervised", SelfSupervisedVerifierHost.Build, ["--Verifier:Features=clip"], null, Any),
        ["oracle"] = new("oracle", OracleVerifierHost.Build, [], Boot, ConditionKind.Class),
        ["oracle-fid"] = new("oracle-fid", OracleVerifierHost.Build, ["--Verifier:Score=fid"], null, Any),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public bool IgnoresTheCondition => Kinds.Contains(ConditionKind.None);

    public override string ToString() => Name;
}
