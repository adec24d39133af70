using DiffusionMesh.Diffusion.Samplers;

namespace DiffusionMesh.Inference.Manifests;

/// <summary>Parameters of a step of the sampler "amed", as they were fitted.</summary>
/// <param name="R">In (0, 1).</param>
/// <param name="C">Above 0.</param>
/// <param name="A">Above 0.</param>
public sealed record AmedSpec(double R, double C, double A)
{
    internal static void Validate(IReadOnlyDictionary<int, IReadOnlyList<AmedSpec>>? fitted, ManifestProblems problems)
    {
        foreach (var (steps, list) in fitted ?? new Dictionary<int, IReadOnlyList<AmedSpec>>())
        {
            problems.Require(steps >= 2 && list.Count == steps - 1, $"amed.{steps}", "must have one entry for each step but the last");
            problems.Require(list.All(step => step.IsValid), $"amed.{steps}", "must have r between 0 and 1, c and a above 0");
        }
    }

    internal static AmedParameters? Parameters(IReadOnlyDictionary<int, IReadOnlyList<AmedSpec>>? fitted) => fitted is null
        ? null
        : new AmedParameters(fitted.ToDictionary(
            entry => entry.Key, IReadOnlyList<AmedStep> (entry) => [.. entry.Value.Select(step => new AmedStep(step.R, step.C, step.A))]));

    private bool IsValid => R is > 0 and < 1 && C is > 0 and < double.PositiveInfinity && A is > 0 and < double.PositiveInfinity;
}
