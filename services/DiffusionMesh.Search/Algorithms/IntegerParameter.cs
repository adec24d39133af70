using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>A whole number within bounds.</summary>
public sealed record IntegerParameter(string Name, string Description, int Default, int Minimum, int Maximum)
    : AlgorithmParameter(Name, Description)
{
    public override string DefaultText => Default.ToString(CultureInfo.InvariantCulture);

    public override bool TryNormalize(
        string text,
        [NotNullWhen(true)] out string? normal,
        [NotNullWhen(false)] out string? problem)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= Minimum && value <= Maximum)
        {
            (normal, problem) = (value.ToString(CultureInfo.InvariantCulture), null);
            return true;
        }

        (normal, problem) = (null, $"must be a whole number from {Minimum} to {Maximum}");
        return false;
    }

    /// <summary>The value of this parameter, or its default.</summary>
    public int In(ImmutableSortedDictionary<string, string> parameters) =>
        int.Parse(TextIn(parameters), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
