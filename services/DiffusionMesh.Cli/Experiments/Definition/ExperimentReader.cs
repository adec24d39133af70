using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DiffusionMesh.Cli.Experiments.Definition;

/// <summary>Reads an experiment file. Everything that can be said without the services is said here, with its line.</summary>
internal sealed class ExperimentReader
{
    private static readonly string[] Known =
    [
        "name", "title", "description", "model", "models", "guidance", "sampler", "sampling", "steps", "final_steps", "conditions", "seeds",
        "verifiers", "select", "algorithms", "budgets", "baseline", "metrics", "figures", "parallel",
    ];

    private const int MostSeeds = 1_000_000;
    private const int MostParallel = 1024;
    private const int MostSteps = 1_000_000;

    private readonly YamlProblems _problems;
    private readonly string _file;

    private ExperimentReader(string file) => (_file, _problems) = (file, new YamlProblems(Path.GetFileName(file)));

    /// <exception cref="CommandFailure">It cannot be read, or is no experiment that can be run.</exception>
    public static ExperimentDefinition Read(string file)
    {
        if (!File.Exists(file))
        {
            throw CommandFailure.BadArgument("FILE", $"there is no file '{file}'");
        }

        return new ExperimentReader(file).ReadText(File.ReadAllText(file));
    }

    private ExperimentDefinition ReadText(string text)
    {
        var definition = Root(text)?.Fields(Known) is { } fields ? Read(fields) : null;
        _problems.Throw();
        return definition!;
    }

    private YamlValue? Root(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException error)
        {
            _problems.Add(string.Create(CultureInfo.InvariantCulture, $"line {error.Start.Line}"), $"is no YAML: {error.Message}");
            return null;
        }

        if (_problems.Require(stream.Documents.Count == 1, "line 1", $"must hold one document, not {stream.Documents.Count}"))
        {
            return new YamlValue(stream.Documents[0].RootNode, "", _problems);
        }

        return null;
    }

    private ExperimentDefinition? Read(YamlFields fields)
    {
        var name = fields["name"]?.Text() ?? Path.GetFileNameWithoutExtension(_file);
        if (name is "." or ".." || name.IndexOfAny(['/', '\\', '\0']) >= 0)
        {
            fields["name"]?.Refuse($"'{name}' cannot be the name of a folder: leave out slashes");
        }

        var verifiers = fields.Required("verifiers", "name those that score, for example [clip]")?.Names() ?? [];
        var selectors = SelectorReader.Read(fields["select"], verifiers, _problems);
        var budgets = BudgetReader.Read(fields);
        var algorithms = AlgorithmReader.Read(fields, selectors, budgets, _problems);
        var conditions = ConditionReader.Read(fields, Path.GetDirectoryName(Path.GetFullPath(_file))!, _problems);
        var metrics = Metrics(fields["metrics"], verifiers);
        var definition = new ExperimentDefinition
        {
            Name = name,
            Title = fields["title"]?.Text() ?? name,
            Description = fields["description"]?.Text(),
            Models = Models(fields),
            Guidance = fields["guidance"]?.Numbers(double.MinValue, double.MaxValue).Select(weight => (double?)weight).ToArray() ?? [null],
            Sampler = fields["sampler"]?.Text() ?? "",
            Sampling = SamplingReader.Read(fields["sampling"]),
            Steps = (int?)fields["steps"]?.Whole(1, MostSteps),
            FinalSteps = (int?)fields["final_steps"]?.Whole(0, MostSteps) ?? 0,
            Conditions = conditions,
            Seeds = Seeds(fields["seeds"]),
            Verifiers = verifiers,
            Selectors = selectors,
            Algorithms = algorithms,
            Budgets = budgets ?? new BudgetAxis(BudgetUnit.Nfe, [], 0, ""),
            Baseline = Baseline(fields["baseline"], algorithms, selectors, budgets),
            Metrics = metrics,
            Figures = [],
            Parallel = (int?)fields["parallel"]?.Whole(1, MostParallel) ?? ExperimentDefinition.DefaultParallel,
        };
        if (budgets is { Unit: BudgetUnit.Flops })
        {
            foreach (var model in definition.Models.Where(model => model.FlopsPerRow is null))
            {
                _problems.Add(model.Name.Place, "budgets in flops need 'flops_per_row' for every model, for example {name: fashion-flow, flops_per_row: 4.2e7}");
            }
        }

        return definition with { Figures = FigureReader.Read(fields["figures"], definition, _problems) };
    }

    private ModelChoice[] Models(YamlFields fields)
    {
        if (fields["model"] is { } single)
        {
            _problems.Require(fields["models"] is null, single.Place, "give 'model' or 'models', not both");
            return Model(single) is { } model ? [model] : [];
        }

        return fields["models"]?.Items().Select(Model).OfType<ModelChoice>().ToArray()
            ?? [new ModelChoice(new NamedPlace("", "model"), null)];
    }

    private static ModelChoice? Model(YamlValue value)
    {
        if (!value.IsMap)
        {
            return value.Name() is { } name ? new ModelChoice(name, null) : null;
        }

        var fields = value.Fields("name", "flops_per_row");
        return fields?.Required("name", "name the model")?.Name() is { } named
            ? new ModelChoice(named, fields["flops_per_row"]?.Number(1, double.MaxValue))
            : null;
    }

    private static IReadOnlyList<ulong> Seeds(YamlValue? value)
    {
        if (value is null)
        {
            return [1];
        }

        return value.IsScalar
            ? [.. Enumerable.Range(1, (int)(value.Whole(1, MostSeeds) ?? 1)).Select(seed => (ulong)seed)]
            : [.. value.Items().Select(item => item.Whole(0, MostSeeds)).OfType<long>().Select(seed => (ulong)seed).Distinct()];
    }

    private static BaselineChoice? Baseline(
        YamlValue? value, IReadOnlyList<AlgorithmChoice> algorithms, IReadOnlyList<Selector> selectors, BudgetAxis? budgets)
    {
        if (value?.Fields("algorithm", "select", "budget") is not { } fields
            || fields.Required("algorithm", "name the algorithm that differences are taken from")?.Text() is not { } label)
        {
            return null;
        }

        if (algorithms.All(algorithm => algorithm.Label != label))
        {
            fields["algorithm"]!.Refuse($"'{label}' is none of the experiment's algorithms: {string.Join(", ", algorithms.Select(algorithm => algorithm.Label))}");
        }

        var select = fields["select"]?.Word([.. selectors.Select(selector => selector.Label)]);
        var budget = fields["budget"]?.Number(double.Epsilon, double.MaxValue);
        if (budget is { } spent && budgets is not null && !budgets.Values.Contains(spent))
        {
            fields["budget"]!.Refuse($"{spent} is none of the experiment's budgets: {string.Join(", ", budgets.Values)}");
        }

        return new BaselineChoice(label, select, budget, value.Place);
    }

    private static IReadOnlyList<string> Metrics(YamlValue? value, IReadOnlyList<NamedPlace> verifiers)
    {
        var known = MetricNames.All.Concat(verifiers.Select(verifier => verifier.Name)).ToArray();
        return value is null
            ? []
            : [.. value.Items().Select(item => item.Word(known)).OfType<string>().Distinct()];
    }
}
