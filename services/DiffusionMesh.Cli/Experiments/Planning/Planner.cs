using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>Lays out the matrix of an experiment.</summary>
internal sealed class Planner
{
    private readonly ExperimentDefinition _experiment;
    private readonly MeshFacts _mesh;
    private readonly IReadOnlyList<ExperimentCondition> _conditions;
    private readonly YamlProblems _problems;
    private readonly Dictionary<string, PlannedRun> _runs = new(StringComparer.Ordinal);
    private readonly List<PlannedRow> _rows = [];

    private Planner(ExperimentDefinition experiment, DescribeMeshResponse mesh, YamlProblems problems)
    {
        (_experiment, _problems) = (experiment, problems);
        _mesh = MeshFacts.Check(experiment, mesh, problems);
        _conditions = ConditionList.Of(experiment.Conditions, _mesh, problems);
        problems.Throw();
    }

    /// <param name="experiment">What is asked for.</param>
    /// <param name="mesh">What there is.</param>
    /// <param name="file">Name of the experiment file, for messages.</param>
    /// <exception cref="CommandFailure">The services do not offer what the experiment names, or a budget pays for nothing.</exception>
    public static ExperimentPlan Plan(ExperimentDefinition experiment, DescribeMeshResponse mesh, string file)
    {
        var problems = new YamlProblems(Path.GetFileName(file));
        var planner = new Planner(experiment, mesh, problems);
        var budgets = new Dictionary<(string, double), BudgetTranslation>();
        foreach (var (choice, model) in planner._mesh.Models)
        {
            foreach (var weight in experiment.Guidance)
            {
                var guidance = weight ?? model.Defaults?.Guidance ?? 1;
                budgets[(model.Name, guidance)] = planner.Translation(choice, model, guidance);
                planner.PlanModel(model, guidance, budgets[(model.Name, guidance)]);
            }
        }

        problems.Throw();
        return new ExperimentPlan
        {
            Experiment = experiment,
            Mesh = planner._mesh,
            Conditions = planner._conditions,
            Rows = planner._rows,
            Runs = [.. planner._runs.Values],
            Budgets = budgets,
        };
    }

    private BudgetTranslation Translation(ModelChoice choice, Model model, double guidance) => new(
        _experiment.Budgets.Unit,
        guidance == 1 ? 1 : 2,
        choice.FlopsPerRow ?? 0,
        _experiment.Sampler.Length > 0 ? _experiment.Sampler : model.Defaults?.Sampler ?? "",
        _experiment.Steps ?? Math.Max(model.Defaults?.Steps ?? 1, 1));

    private void PlanModel(Model model, double guidance, BudgetTranslation translation)
    {
        foreach (var algorithm in _experiment.Algorithms)
        {
            var budgets = algorithm.Budgets ?? _experiment.Budgets.Values;
            var specs = new SpecWriter(_experiment, _mesh, model, guidance, translation);
            foreach (var budget in budgets)
            {
                var nfe = translation.Nfe(budget, _experiment.Budgets.MostNfe);
                if (nfe < (algorithm.IsMoreSteps ? 1 : translation.NfePerCandidate))
                {
                    _problems.Add(
                        _experiment.Budgets.Place,
                        $"{budget} {_experiment.Budgets.UnitText} is {nfe} NFE under {model.Name}, which does not pay for one candidate of {translation.NfePerCandidate} NFE");
                    continue;
                }

                PlanCells(algorithm, budget, nfe, budgets[^1], specs, translation);
            }
        }
    }

    private void PlanCells(
        AlgorithmChoice algorithm, double budget, long nfe, double greatest, SpecWriter specs, BudgetTranslation translation)
    {
        // What nothing selects is the same under every selector.
        var selectors = algorithm.IsMoreSteps
            ? [null]
            : _experiment.Selectors.Where(selector => algorithm.Selectors?.Contains(selector.Label) ?? true).Cast<Selector?>();
        var sharesPool = algorithm.Name.Name == AlgorithmChoice.Random && algorithm.Parameters.Count == 0
            && _experiment.FinalSteps == 0 && _experiment.Budgets.Unit != BudgetUnit.Seconds;
        foreach (var selector in selectors)
        {
            var cell = specs.Cell(algorithm, selector, budget);
            foreach (var condition in _conditions)
            {
                foreach (var seed in _experiment.Seeds)
                {
                    var searchSeed = SearchSeed(seed, condition);
                    var run = algorithm.IsMoreSteps ? specs.MoreSteps(condition, searchSeed, nfe)
                        : sharesPool ? specs.Pool(condition, searchSeed, translation.Nfe(greatest, _experiment.Budgets.MostNfe))
                        : specs.Search(algorithm, selector!, condition, searchSeed, nfe, budget);
                    run = Once(run);
                    int? prefix = sharesPool ? (int)Math.Min(nfe / translation.NfePerCandidate, int.MaxValue) : null;
                    _rows.Add(new PlannedRow(cell, seed, searchSeed, condition, run, prefix, sharesPool ? selector : null));
                }
            }
        }
    }

    private PlannedRun Once(PlannedRun run)
    {
        _runs.TryAdd(run.Key, run);
        return _runs[run.Key];
    }

    /// <summary>Another seed for each condition: with the same one, all conditions would begin at the same noise.</summary>
    private static ulong SearchSeed(ulong seed, ExperimentCondition condition) => (seed * 1_000_000) + (ulong)condition.Number;
}
