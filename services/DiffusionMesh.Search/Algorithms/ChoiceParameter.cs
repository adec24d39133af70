using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>One of several words. The first is the default.</summary>
public sealed record ChoiceParameter(string Name, string Description, ImmutableArray<string> Choices)
    : AlgorithmParameter(Name, Description)
{
    public override string DefaultText => Choices[0];

    public override bool TryNormalize(
        string text,
        [NotNullWhen(true)] out string? normal,
        [NotNullWhen(false)] out string? problem)
    {
        if (Choices.Contains(text, StringComparer.Ordinal))
        {
            (normal, problem) = (text, null);
            return true;
        }

        (normal, problem) = (null, $"must be one of: {string.Join(", ", Choices)}");
        return false;
    }

    /// <summary>The choice, or the default.</summary>
    public string In(ImmutableSortedDictionary<string, string> parameters) => TextIn(parameters);
}
