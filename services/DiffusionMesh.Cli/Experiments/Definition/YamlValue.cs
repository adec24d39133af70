using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>A value of an experiment file that knows where it stands.</summary>
internal sealed class YamlValue(YamlNode node, string path, YamlProblems problems)
{
    /// <summary>For messages: <c>line 12: budgets.nfe</c>.</summary>
    public string Place => path.Length == 0
        ? string.Create(CultureInfo.InvariantCulture, $"line {node.Start.Line}")
        : string.Create(CultureInfo.InvariantCulture, $"line {node.Start.Line}: {path}");

    public bool IsMap => node is YamlMappingNode;

    public bool IsScalar => node is YamlScalarNode;

    public void Refuse(string description) => problems.Add(Place, description);

    /// <summary>A text that is not empty; null, and a problem, for anything else.</summary>
    public string? Text()
    {
        if (node is YamlScalarNode { Value: { } text } && !string.IsNullOrWhiteSpace(text))
        {
            return text;
        }

        Refuse("must be a text that is not empty");
        return null;
    }

    /// <summary>A finite number within bounds; null, and a problem, for anything else.</summary>
    public double? Number(double minimum, double maximum)
    {
        if (node is YamlScalarNode { Value: { } text }
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= minimum && value <= maximum && double.IsFinite(value))
        {
            return value;
        }

        Refuse(string.Create(CultureInfo.InvariantCulture, $"{Written()} must be a number{Range(minimum, maximum)}"));
        return null;
    }

    /// <summary>A whole number within bounds; null, and a problem, for anything else.</summary>
    public long? Whole(long minimum, long maximum)
    {
        if (node is YamlScalarNode { Value: { } text }
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            && value >= minimum && value <= maximum)
        {
            return value;
        }

        Refuse($"{Written()} must be a whole number{Range(minimum, maximum)}");
        return null;
    }

    /// <summary>One of a few words; null, and a problem, for anything else.</summary>
    public string? Word(params IReadOnlyList<string> known)
    {
        if (node is YamlScalarNode { Value: { } text } && known.Contains(text))
        {
            return text;
        }

        Refuse($"{Written()} must be one of: {string.Join(", ", known)}");
        return null;
    }

    /// <summary>The elements of a list; a value that is no list counts as a list of itself.</summary>
    public IReadOnlyList<YamlValue> Items() => node is YamlSequenceNode sequence
        ? [.. sequence.Select((item, index) => new YamlValue(item, $"{path}[{index}]", problems))]
        : [this];

    public NamedPlace? Name() => Text() is { } text ? new NamedPlace(text, Place) : null;

    public IReadOnlyList<NamedPlace> Names() => [.. Items().Select(item => item.Name()).OfType<NamedPlace>()];

    public IReadOnlyList<double> Numbers(double minimum, double maximum) =>
        [.. Items().Select(item => item.Number(minimum, maximum)).OfType<double>()];

    /// <summary>Its fields; null, and a problem, if it has none.</summary>
    public YamlFields? Fields(params IReadOnlyList<string> known)
    {
        if (node is YamlMappingNode map)
        {
            return new YamlFields(map, path, Place, known, problems);
        }

        Refuse($"must have fields: {string.Join(", ", known)}");
        return null;
    }

    /// <summary>Fields of any name with texts.</summary>
    public IReadOnlyDictionary<string, string> Texts()
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (node is not YamlMappingNode map)
        {
            Refuse("must be NAME: VALUE pairs");
            return texts;
        }

        foreach (var (key, value) in map)
        {
            var name = ((YamlScalarNode)key).Value ?? "";
            if (new YamlValue(value, $"{path}.{name}", problems).Text() is { } text)
            {
                texts[name] = text;
            }
        }

        return texts;
    }

    private string Written() => node is YamlScalarNode scalar ? $"'{scalar.Value}'" : "";

    private static string Range<T>(T minimum, T maximum)
        where T : IFormattable
    {
        var (low, high) = (minimum.ToString(null, CultureInfo.InvariantCulture), maximum.ToString(null, CultureInfo.InvariantCulture));
        return maximum is double.MaxValue or long.MaxValue ? $" of at least {low}" : $" from {low} to {high}";
    }
}
