using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;

namespace DiffusionMesh.Cli.Experiments.Planning;

/// <summary>Looks up what an experiment names among what the services offer.</summary>
internal sealed class MeshFacts
{
    private readonly DescribeMeshResponse _mesh;
    private readonly YamlProblems _problems;

    private MeshFacts(DescribeMeshResponse mesh, YamlProblems problems) => (_mesh, _problems) = (mesh, problems);

    /// <summary>The models, in the order of the experiment.</summary>
    public IReadOnlyList<(ModelChoice Choice, Model Model)> Models { get; private set; } = [];

    /// <summary>The verifiers that the experiment names, by name.</summary>
    public IReadOnlyDictionary<string, Verifier> Verifiers { get; private set; } = new Dictionary<string, Verifier>();

    public static MeshFacts Check(ExperimentDefinition experiment, DescribeMeshResponse mesh, YamlProblems problems)
    {
        var facts = new MeshFacts(mesh, problems);
        facts.Models = [.. experiment.Models.Select(facts.Model).OfType<(ModelChoice, Model)>()];
        facts.Verifiers = experiment.Verifiers.DistinctBy(verifier => verifier.Name)
            .Select(facts.Verifier).OfType<(string Name, Verifier Verifier)>()
            .ToDictionary(verifier => verifier.Name, verifier => verifier.Verifier);
        foreach (var algorithm in experiment.Algorithms.Where(algorithm => !algorithm.IsMoreSteps))
        {
            facts.CheckAlgorithm(algorithm);
        }

        foreach (var selector in experiment.Selectors.Where(selector => selector.Rule == Selector.ZScore && selector.Verifiers.Count > 1))
        {
            foreach (var verifier in selector.Verifiers.Where(verifier => facts.Verifiers.TryGetValue(verifier.Name, out var known) && !known.HasRealMean))
            {
                problems.Add(selector.Place, $"'{verifier.Name}' describes no mean over real images, which z-scores need: use rule 'rank'");
            }
        }

        return facts;
    }

    private (ModelChoice Choice, Model Model)? Model(ModelChoice choice)
    {
        var ready = _mesh.Models.Where(model => model.State == ModelState.Ready).ToArray();
        var model = choice.Name.Name.Length == 0 && ready.Length == 1 ? ready[0] : Array.Find(ready, model => model.Name == choice.Name.Name);
        if (model is not null)
        {
            return (choice, model);
        }

        _problems.Add(choice.Name.Place, choice.Name.Name.Length == 0
            ? $"several models are served: name one of {string.Join(", ", ready.Select(model => model.Name))}"
            : $"'{choice.Name.Name}' is not served; known are: {string.Join(", ", ready.Select(model => model.Name))}");
        return null;
    }

    private (string Name, Verifier Verifier)? Verifier(NamedPlace named)
    {
        var status = _mesh.Verifiers.FirstOrDefault(verifier => verifier.Name == named.Name);
        if (status?.Verifier is { } verifier)
        {
            return (named.Name, verifier);
        }

        var known = string.Join(", ", _mesh.Verifiers.Select(verifier => verifier.Name));
        _problems.Add(named.Place, status is null ? $"'{named.Name}' is unknown; known are: {known}" : $"'{named.Name}' does not answer: {status.Error}");
        return null;
    }

    private void CheckAlgorithm(AlgorithmChoice choice)
    {
        var algorithm = _mesh.Algorithms.FirstOrDefault(algorithm => algorithm.Name == choice.Name.Name);
        if (algorithm is null)
        {
            var known = _mesh.Algorithms.Select(known => known.Name).Append(AlgorithmChoice.MoreSteps);
            _problems.Add(choice.Name.Place, $"'{choice.Name.Name}' is unknown; known are: {string.Join(", ", known)}");
            return;
        }

        foreach (var parameter in choice.Parameters.Keys.Where(name => algorithm.Parameters.All(parameter => parameter.Name != name)))
        {
            _problems.Add(
                choice.Name.Place,
                $"'{parameter}' is no parameter of {algorithm.Name}; known are: {string.Join(", ", algorithm.Parameters.Select(known => known.Name))}");
        }
    }
}
