namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>Reads <c>budgets</c>: one unit with its values.</summary>
internal static class BudgetReader
{
    private static readonly string[] Units = [.. Enum.GetValues<BudgetUnit>().Select(BudgetAxis.Text)];

    public static BudgetAxis? Read(YamlFields fields)
    {
        const string Remedy = "say how much each search may spend, for example {nfe: [10, 320]}";
        if (fields.Required("budgets", Remedy) is not { } value || value.Fields([.. Units, "most_nfe"]) is not { } budgets)
        {
            return null;
        }

        var given = Enum.GetValues<BudgetUnit>().Where(unit => budgets[BudgetAxis.Text(unit)] is not null).ToArray();
        if (given is not [var unit])
        {
            value.Refuse($"must have exactly one of: {string.Join(", ", Units)}");
            return null;
        }

        var values = budgets[BudgetAxis.Text(unit)]!;
        IReadOnlyList<double> numbers = unit is BudgetUnit.Nfe or BudgetUnit.Rows
            ? [.. values.Items().Select(item => (double?)item.Whole(1, long.MaxValue)).OfType<double>()]
            : values.Numbers(double.Epsilon, double.MaxValue);
        var most = budgets["most_nfe"]?.Whole(1, long.MaxValue) ?? BudgetAxis.DefaultMostNfe;
        return numbers.Count == 0 ? null : new BudgetAxis(unit, [.. numbers.Distinct().Order()], most, values.Place);
    }
}
