using YamlDotNet.RepresentationModel;

namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>The fields of a part of an experiment file. A field that nobody knows is a problem.</summary>
internal sealed class YamlFields
{
    private readonly Dictionary<string, YamlValue> _values = new(StringComparer.Ordinal);
    private readonly YamlProblems _problems;

    public YamlFields(YamlMappingNode map, string path, string place, IReadOnlyList<string> known, YamlProblems problems)
    {
        (Place, _problems) = (place, problems);
        foreach (var (key, value) in map)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            var full = path.Length == 0 ? name : $"{path}.{name}";
            if (!known.Contains(name))
            {
                new YamlValue(key, full, problems).Refuse($"is unknown; known are: {string.Join(", ", known)}");
            }
            else
            {
                _values[name] = new YamlValue(value, full, problems);
            }
        }
    }

    public string Place { get; }

    public YamlValue? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>A field that must be there; null, and a problem, if it is not.</summary>
    public YamlValue? Required(string name, string remedy)
    {
        if (_values.TryGetValue(name, out var value))
        {
            return value;
        }

        _problems.Add(Place, $"'{name}' is missing: {remedy}");
        return null;
    }
}
