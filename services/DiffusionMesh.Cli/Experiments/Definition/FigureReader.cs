namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>Reads <c>figures</c>.</summary>
internal static class FigureReader
{
    private static readonly string[] Known =
        ["kind", "title", "x", "metrics", "algorithms", "select", "models", "guidance", "budgets", "conditions"];

    private const int MostPictures = 200;

    public static IReadOnlyList<FigureChoice> Read(YamlValue? value, ExperimentDefinition experiment, YamlProblems problems) =>
        value is null ? [] : [.. value.Items().Select(item => Figure(item, experiment, problems)).OfType<FigureChoice>()];

    private static FigureChoice? Figure(YamlValue value, ExperimentDefinition experiment, YamlProblems problems)
    {
        if (value.Fields(Known) is not { } fields
            || fields.Required("kind", $"one of: {string.Join(", ", Words<FigureKind>())}")?.Word(Words<FigureKind>()) is not { } kind)
        {
            return null;
        }

        var figure = new FigureChoice
        {
            Kind = Enum.Parse<FigureKind>(kind, ignoreCase: true),
            Title = fields["title"]?.Text() ?? experiment.Title,
            X = fields["x"]?.Word(Words<HorizontalAxis>()) is { } axis ? Enum.Parse<HorizontalAxis>(axis, ignoreCase: true) : HorizontalAxis.Budget,
            Metrics = fields["metrics"]?.Names() ?? [],
            Algorithms = fields["algorithms"]?.Names() ?? [],
            Select = fields["select"]?.Names() ?? [],
            Models = fields["models"]?.Names() ?? [],
            Guidance = fields["guidance"]?.Numbers(double.MinValue, double.MaxValue) ?? [],
            Budgets = fields["budgets"]?.Numbers(double.Epsilon, double.MaxValue) ?? [],
            Conditions = (int?)fields["conditions"]?.Whole(1, MostPictures) ?? 8,
            Place = value.Place,
        };
        Check(figure.Metrics, "metric", MetricNames.All.Concat(experiment.Verifiers.Select(verifier => verifier.Name)), problems);
        Check(figure.Algorithms, "algorithm", experiment.Algorithms.Select(algorithm => algorithm.Label), problems);
        Check(figure.Select, "selector", experiment.Selectors.Select(selector => selector.Label), problems);
        Check(figure.Models, "model", experiment.Models.Select(model => model.Name.Name), problems);
        foreach (var budget in figure.Budgets.Except(experiment.Budgets.Values))
        {
            problems.Add(fields["budgets"]!.Place, $"{budget} is none of the experiment's budgets: {string.Join(", ", experiment.Budgets.Values)}");
        }

        problems.Require(
            figure.Kind != FigureKind.Differences || experiment.Baseline is not null, value.Place, "differences need a 'baseline' of the experiment");
        return figure;
    }

    private static void Check(IEnumerable<NamedPlace> names, string what, IEnumerable<string> known, YamlProblems problems)
    {
        var all = known.ToArray();
        foreach (var name in names.Where(name => !all.Contains(name.Name)))
        {
            problems.Add(name.Place, $"'{name.Name}' is no {what} of the experiment; known are: {string.Join(", ", all)}");
        }
    }

    private static string[] Words<T>()
        where T : struct, Enum => [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
}
