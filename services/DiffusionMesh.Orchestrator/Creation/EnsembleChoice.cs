using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Search.Ranking;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>Checks how the verifiers of a specification choose together, and who judges them.</summary>
internal static class EnsembleChoice
{
    /// <summary>The rule that is named, or the default. Null if a violation was added.</summary>
    public static IEnsembleRule? Choose(SpecMessage spec, FieldViolations violations)
    {
        var name = spec.Ensemble.Length == 0 ? EnsembleRules.Default : spec.Ensemble;
        if (EnsembleRules.All.TryGet(name, out var rule))
        {
            return rule;
        }

        violations.Add("spec.ensemble", RpcErrors.UnknownName("ensemble", name, EnsembleRules.All.Names));
        return null;
    }

    /// <param name="verifiers">Those that could be resolved.</param>
    public static void Check(
        SpecMessage spec,
        IEnsembleRule? rule,
        ImmutableArray<ResolvedVerifier> verifiers,
        FieldViolations violations)
    {
        var selecting = spec.Verifiers.Count(verifier => !verifier.HeldOut);
        violations.Require(
            spec.Verifiers.Count == 0 || selecting > 0,
            "spec.verifiers",
            "are all held out; a search needs at least one that selects");
        violations.Require(
            !spec.StopOnHacking || selecting < spec.Verifiers.Count,
            "spec.stop_on_hacking",
            "needs a verifier that is held out, to tell search from hacking; add one with held_out");
        for (var i = 0; i < spec.Verifiers.Count; i++)
        {
            violations.Require(
                spec.Verifiers[i] is not { HeldOut: false, OnFailure: FailurePolicy.Degrade } || selecting > 1,
                $"spec.verifiers[{i}].on_failure",
                "is DEGRADE, but no other verifier selects that could judge in its place; add one, or use EXCLUDE or FAIL");
        }

        if (rule is { NeedsRealScale: true } && selecting > 1)
        {
            foreach (var unscaled in verifiers.Where(verifier => !verifier.Choice.HeldOut && Mesh.RemoteVerifier.RealScaleOf(verifier.Description) is null))
            {
                violations.Add(
                    "spec.ensemble",
                    $"'{rule.Name}' needs the mean and standard deviation of each score over real images, which verifier "
                    + $"'{unscaled.Choice.Name}' does not describe; hold it out, or take the ensemble '{EnsembleRules.Default}'");
            }
        }
    }
}
