using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>A real number within bounds, which belong to the range.</summary>
public sealed record RealParameter(string Name, string Description, double Default, double Minimum, double Maximum)
    : AlgorithmParameter(Name, Description)
{
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public override string DefaultText => Text(Default);

    public override bool TryNormalize(
        string text,
        [NotNullWhen(true)] out string? normal,
        [NotNullWhen(false)] out string? problem)
    {
        if (double.TryParse(text, Style, CultureInfo.InvariantCulture, out var value) && value >= Minimum && value <= Maximum)
        {
            (normal, problem) = (Text(value), null);
            return true;
        }

        (normal, problem) = (null, $"must be a number from {Text(Minimum)} to {Text(Maximum)}");
        return false;
    }

    /// <summary>The value of this parameter, or its default.</summary>
    public double In(ImmutableSortedDictionary<string, string> parameters) =>
        double.Parse(TextIn(parameters), Style, CultureInfo.InvariantCulture);

    // The shortest text that gives the same bits; adding 0 takes the sign off a negative zero.
    private static string Text(double value) => (value + 0.0).ToString(CultureInfo.InvariantCulture);
}
