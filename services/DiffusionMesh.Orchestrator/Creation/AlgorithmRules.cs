using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Search.Algorithms;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>Finds the algorithm that a specification names and fills in its parameters.</summary>
internal static class AlgorithmRules
{
    private const string DefaultAlgorithm = "random";

    /// <summary>Null if a violation was added.</summary>
    public static ISearchAlgorithm? Choose(SpecMessage spec, FieldViolations violations)
    {
        var name = spec.Algorithm.Length == 0 ? DefaultAlgorithm : spec.Algorithm;
        if (SearchAlgorithms.All.TryGet(name, out var algorithm))
        {
            return algorithm;
        }

        violations.Add("spec.algorithm", RpcErrors.UnknownName("algorithm", name, SearchAlgorithms.All.Names));
        return null;
    }

    /// <summary>Every parameter of the algorithm, in normal form.</summary>
    public static ImmutableSortedDictionary<string, string> Parameters(
        SpecMessage spec,
        ISearchAlgorithm algorithm,
        FieldViolations violations)
    {
        var known = algorithm.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        foreach (var name in spec.Parameters.Keys.Where(name => !known.ContainsKey(name)))
        {
            violations.Add(Field(name), RpcErrors.UnknownName($"'{algorithm.Name}' parameter", name, known.Keys));
        }

        var valid = true;
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var parameter in algorithm.Parameters)
        {
            if (!spec.Parameters.TryGetValue(parameter.Name, out var text))
            {
                values[parameter.Name] = parameter.DefaultText;
            }
            else if (parameter.TryNormalize(text, out var normal, out var problem))
            {
                values[parameter.Name] = normal;
            }
            else
            {
                violations.Add(Field(parameter.Name), $"'{parameter.Name}' is '{text}'; it {problem}");
                valid = false;
            }
        }

        var all = values.ToImmutable();
        foreach (var (name, problem) in valid ? algorithm.Conflicts(all) : [])
        {
            violations.Add(Field(name), problem);
        }

        return all;
    }

    private static string Field(string parameter) => $"spec.parameters[{parameter}]";

    /// <summary>Checks that what the verifiers need is there when the algorithm asks them.</summary>
    public static void CheckVerifiers(
        ISearchAlgorithm? algorithm,
        ImmutableSortedDictionary<string, string> parameters,
        ImmutableArray<ResolvedVerifier> verifiers,
        FieldViolations violations)
    {
        var scoresDrafts = algorithm?.ScoresDrafts(parameters) ?? false;
        foreach (var verifier in verifiers)
        {
            violations.Require(
                !scoresDrafts || verifier.Description.Images.All(image => image.Kind != ImageKind.XPrediction),
                "spec.algorithm",
                $"'{algorithm?.Name}' has unfinished samples scored, which verifier '{verifier.Choice.Name}' cannot score: it compares "
                + "finished ones with predictions of them. Take another algorithm or another verifier");
        }
    }
}
