namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>Reads <c>select</c>: names of verifiers, or <c>{name, of, rule}</c> for several together.</summary>
internal static class SelectorReader
{
    /// <param name="value">Null for each verifier by itself.</param>
    public static IReadOnlyList<Selector> Read(YamlValue? value, IReadOnlyList<NamedPlace> verifiers, YamlProblems problems)
    {
        var known = verifiers.Select(verifier => verifier.Name).ToArray();
        var twice = verifiers.GroupBy(verifier => verifier.Name).Where(group => group.Count() > 1);
        foreach (var group in twice)
        {
            problems.Add(group.Last().Place, $"'{group.Key}' is named twice");
        }

        if (value is null)
        {
            return [.. verifiers.Select(verifier => Single(verifier.Name, verifier.Place))];
        }

        var selectors = value.Items().Select(item => Selector(item, known)).OfType<Selector>().ToArray();
        foreach (var group in selectors.GroupBy(selector => selector.Label).Where(group => group.Count() > 1))
        {
            problems.Add(group.Last().Place, $"'{group.Key}' is named twice");
        }

        return selectors;
    }

    private static Selector? Selector(YamlValue value, string[] known)
    {
        if (!value.IsMap)
        {
            return Verifier(value, known) is { } name ? Single(name, value.Place) : null;
        }

        var fields = value.Fields("name", "of", "rule");
        var label = fields?.Required("name", "give the ensemble a name, for example 'ensemble'")?.Text();
        var of = fields?.Required("of", "name its verifiers, for example [clip, aesthetic]")?.Items()
            .Select(item => Weighted(item, known)).OfType<WeightedVerifier>().ToArray();
        return label is null || of is null or [] ? null : new Selector(label, of, fields!["rule"]?.Word(Definition.Selector.Rules) ?? Definition.Selector.Rank, value.Place);
    }

    private static WeightedVerifier? Weighted(YamlValue value, string[] known)
    {
        if (!value.IsMap)
        {
            return Verifier(value, known) is { } plain ? new WeightedVerifier(plain, 1) : null;
        }

        var fields = value.Fields("name", "weight");
        return fields?.Required("name", "name the verifier") is { } named && Verifier(named, known) is { } name
            ? new WeightedVerifier(name, fields["weight"]?.Number(double.Epsilon, double.MaxValue) ?? 1)
            : null;
    }

    private static string? Verifier(YamlValue value, string[] known)
    {
        var name = value.Text();
        if (name is null || known.Contains(name))
        {
            return name;
        }

        value.Refuse($"'{name}' is none of the experiment's verifiers: {string.Join(", ", known)}");
        return null;
    }

    private static Selector Single(string name, string place) => new(name, [new WeightedVerifier(name, 1)], Definition.Selector.Rank, place);
}
