using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Cluster.Tests.Mesh;

/// <summary>Searches on the small embedded model.</summary>
internal static class Specs
{
    /// <summary>Long enough that something can happen meanwhile: 64 candidates of 20 steps, in rounds of 16.</summary>
    public static SearchSpec Long(ulong seed = 3) => new()
    {
        Model = "fashion-flow-small",
        Condition = new Condition { Prompt = "a photo of an ankle boot" },
        Algorithm = "random",
        Parameters = { ["round_size"] = "16" },
        Seed = seed,
        Steps = 20,
        BudgetNfe = 64 * 20,
        Verifiers = { new VerifierSelection { Name = "clip" } },
    };

    /// <summary>So long that an orchestrator is lost and found again before it ends, however fast the machine is.</summary>
    public static SearchSpec Longer()
    {
        var spec = Long();
        spec.BudgetNfe *= 4;
        return spec;
    }

    /// <summary>One that does not end unless it is cancelled.</summary>
    public static SearchSpec Endless()
    {
        var spec = Long();
        spec.BudgetNfe *= 300;
        return spec;
    }

    /// <summary>Between the two, for every algorithm.</summary>
    public static SearchSpec Middle(string algorithm)
    {
        var spec = Short(algorithm);
        (spec.Steps, spec.BudgetNfe) = (10, 240);
        return spec;
    }

    /// <summary>As short as every algorithm can do something with.</summary>
    public static SearchSpec Short(string algorithm) => new()
    {
        Model = "fashion-flow-small",
        Condition = new Condition { ClassLabel = 8 },
        Algorithm = algorithm,
        Seed = 5,
        Steps = 4,
        BudgetNfe = 48,
        Verifiers = { new VerifierSelection { Name = "clip" } },
    };
}
