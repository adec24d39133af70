using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>Names the conditions of an experiment one by one.</summary>
internal static class ConditionList
{
    public static IReadOnlyList<ExperimentCondition> Of(ConditionChoice choice, MeshFacts mesh, YamlProblems problems)
    {
        var names = mesh.Models.Count > 0 ? mesh.Models[0].Model.Classes : [];
        var classes = choice.AllClasses ? [.. Enumerable.Range(0, names.Count)] : choice.Classes;
        foreach (var label in classes.Where(label => label >= names.Count))
        {
            problems.Add(choice.Place, $"there is no class {label}; the model has {names.Count}: {string.Join(", ", names)}");
        }

        var conditions = classes.Where(label => label < names.Count)
            .Select(label => (Label: names[label], Prompt: (string?)null, Class: (int?)label))
            .Concat(choice.Prompts.Select(prompt => (Label: prompt.Text, Prompt: (string?)prompt.Text, prompt.Class)))
            .Select((item, number) => new ExperimentCondition(number, item.Label, item.Prompt, item.Class))
            .ToArray();
        problems.Require(conditions.Length > 0, choice.Place, "names no condition");
        CheckVerifiers(conditions, choice, mesh, problems);
        return conditions;
    }

    private static void CheckVerifiers(
        ExperimentCondition[] conditions, ConditionChoice choice, MeshFacts mesh, YamlProblems problems)
    {
        foreach (var (name, verifier) in mesh.Verifiers)
        {
            Check(conditions.Any(condition => condition.Prompt is null), ConditionKind.Class, "classes");
            Check(conditions.Any(condition => condition.Prompt is not null), ConditionKind.Prompt, "prompts");

            void Check(bool used, ConditionKind kind, string what) => problems.Require(
                !used || verifier.ConditionKinds.Contains(kind), choice.Place, $"verifier '{name}' cannot score {what}: leave it out of 'verifiers', or the {what} out");
        }
    }
}
