using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using Google.Protobuf.WellKnownTypes;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>Writes the specifications of runs, for one model and guidance.</summary>
internal sealed class SpecWriter(
    ExperimentDefinition experiment, MeshFacts mesh, Model model, double guidance, BudgetTranslation translation)
{
    public Cell Cell(AlgorithmChoice algorithm, Selector? selector, double budget) =>
        new(model.Name, guidance, algorithm.Label, selector?.Label ?? "", budget);

    /// <summary>One sample whose denoising takes the whole budget.</summary>
    public PlannedRun MoreSteps(ExperimentCondition condition, ulong seed, long nfe)
    {
        var steps = translation.StepsFor(nfe);
        var spec = Spec(condition, seed, translation.NfeOf(steps), steps);
        spec.Algorithm = AlgorithmChoice.Random;
        spec.Parameters["candidates"] = "1";
        spec.Verifiers.Add(AllSelect());
        return Planned(spec, images: 1, isPool: false);
    }

    /// <summary>
    /// Random candidates that serve every smaller budget, each a prefix of them, and every selector: choosing again costs no
    /// NFE.
    /// </summary>
    public PlannedRun Pool(ExperimentCondition condition, ulong seed, long nfe)
    {
        var candidates = nfe / translation.NfePerCandidate;
        var spec = Spec(condition, seed, candidates * translation.NfePerCandidate, translation.Steps);
        spec.Algorithm = AlgorithmChoice.Random;
        spec.Verifiers.Add(AllSelect());
        return Planned(spec, candidates, isPool: true);
    }

    /// <summary>A search of its own; the verifiers that do not select are held out.</summary>
    public PlannedRun Search(
        AlgorithmChoice algorithm, Selector selector, ExperimentCondition condition, ulong seed, long nfe, double budget)
    {
        var spec = Spec(condition, seed, nfe, translation.Steps);
        spec.Algorithm = algorithm.Name.Name;
        spec.FinalSteps = experiment.FinalSteps;
        foreach (var (name, value) in algorithm.Parameters)
        {
            spec.Parameters[name] = value;
        }

        spec.Verifiers.Add(selector.Verifiers.Select(verifier => new VerifierSelection { Name = verifier.Name, Weight = verifier.Weight }));
        spec.Ensemble = selector.Verifiers.Count > 1 ? selector.Rule : "";
        if (experiment.Budgets.Unit == BudgetUnit.Seconds)
        {
            // Its time pays for the verifiers that select; the others score the winner afterwards.
            spec.MaxDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(budget));
        }
        else
        {
            spec.Verifiers.Add(experiment.Verifiers
                .Where(verifier => selector.Verifiers.All(chosen => chosen.Name != verifier.Name))
                .Select(verifier => new VerifierSelection { Name = verifier.Name, HeldOut = true }));
        }

        return Planned(spec, nfe / translation.NfePerCandidate, isPool: false);
    }

    private IEnumerable<VerifierSelection> AllSelect() => experiment.Verifiers
        .OrderBy(verifier => verifier.Name, StringComparer.Ordinal)
        .Select(verifier => new VerifierSelection { Name = verifier.Name });

    private SearchSpec Spec(ExperimentCondition condition, ulong seed, long nfe, int steps) => new()
    {
        Model = model.Name,
        ModelDigest = model.Digest,
        Condition = condition.ToMessage(),
        Seed = seed,
        BudgetNfe = nfe,
        Sampler = translation.Sampler,
        Sampling = experiment.Sampling.ToMessage(),
        Steps = steps,
        Guidance = guidance,
    };

    private PlannedRun Planned(SearchSpec spec, long images, bool isPool)
    {
        foreach (var selection in spec.Verifiers)
        {
            selection.WeightsDigest = mesh.Verifiers[selection.Name].WeightsDigest;
        }

        var nfe = spec.BudgetNfe + (spec.FinalSteps > 0 ? translation.NfeOf(spec.FinalSteps) : 0);
        return new PlannedRun(RunKey.Of(spec, mesh.Verifiers), spec, nfe, nfe * translation.RowsPerNfe, images, isPool);
    }
}
