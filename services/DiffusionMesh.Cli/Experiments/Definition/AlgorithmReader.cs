namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>Reads <c>algorithms</c>: names, or <c>{name, label, parameters, select, budgets}</c>.</summary>
internal static class AlgorithmReader
{
    public static IReadOnlyList<AlgorithmChoice> Read(
        YamlFields fields, IReadOnlyList<Selector> selectors, BudgetAxis? budgets, YamlProblems problems)
    {
        var items = fields.Required("algorithms", "name those to compare, for example [random, steps]")?.Items() ?? [];
        var algorithms = new List<AlgorithmChoice>();
        foreach (var item in items)
        {
            if (Algorithm(item, selectors, budgets) is not { } algorithm)
            {
                continue;
            }

            if (algorithms.Any(other => other.Label == algorithm.Label))
            {
                item.Refuse($"'{algorithm.Label}' is there twice: give one of them another 'label'");
                continue;
            }

            if (algorithm.IsMoreSteps && budgets is { Unit: BudgetUnit.Seconds })
            {
                item.Refuse("'steps' cannot be given seconds: how many steps fit is not known beforehand. Use nfe, rows or flops");
            }

            algorithms.Add(algorithm);
        }

        return algorithms;
    }

    private static AlgorithmChoice? Algorithm(YamlValue value, IReadOnlyList<Selector> selectors, BudgetAxis? budgets)
    {
        if (!value.IsMap)
        {
            return value.Name() is { } plain ? new AlgorithmChoice(plain, plain.Name, new Dictionary<string, string>(), null, null) : null;
        }

        var fields = value.Fields("name", "label", "parameters", "select", "budgets");
        if (fields?.Required("name", "name the algorithm")?.Name() is not { } name)
        {
            return null;
        }

        return new AlgorithmChoice(
            name,
            fields["label"]?.Text() ?? name.Name,
            fields["parameters"]?.Texts() ?? new Dictionary<string, string>(),
            fields["select"]?.Items().Select(item => item.Word([.. selectors.Select(selector => selector.Label)])).OfType<string>().ToArray(),
            fields["budgets"]?.Items().Select(item => Budget(item, budgets)).OfType<double>().ToArray());
    }

    private static double? Budget(YamlValue value, BudgetAxis? budgets)
    {
        var number = value.Number(double.Epsilon, double.MaxValue);
        if (number is { } budget && budgets is not null && !budgets.Values.Contains(budget))
        {
            value.Refuse($"is none of the experiment's budgets: {string.Join(", ", budgets.Values)}");
        }

        return number;
    }
}
