using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Verifiers.Scoring;

/// <summary>Checks classes of a condition.</summary>
internal static class ClassLabels
{
    /// <summary>Refuses a class that the model does not know, listing those that it does.</summary>
    public static void Validate<T>(Condition? condition, IReadOnlyList<T> classes, Func<T, string> name, string field, FieldViolations violations)
    {
        if (condition is Condition.ClassLabel label && label.Index >= classes.Count)
        {
            var known = string.Join(", ", classes.Select((each, index) => $"{index} ({name(each)})"));
            violations.Add(field + ".class_label", $"is {label.Index}; known: {known}");
        }
    }
}
