using System.Collections.Immutable;
using System.Globalization;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;
using DiffusionMesh.Search.Running;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests;

/// <summary>A search over ports in memory; tests change what they are about.</summary>
internal sealed class TestSearch : IDisposable
{
    public const int Steps = 10;

    public string Algorithm { get; init; } = "random";

    public long Budget { get; init; } = 20 * Steps;

    public int RoundSize { get; init; } = 4;

    /// <summary>Parameters of the algorithm, beside their defaults.</summary>
    public Dictionary<string, string> Parameters { get; init; } = [];

    public int RunSteps { get; init; } = Steps;

    public int KBest { get; init; } = 3;

    public int FinalSteps { get; init; }

    public double? Target { get; init; }

    public string Ensemble { get; init; } = EnsembleRules.Default;

    public bool StopOnHacking { get; init; }

    public ulong Seed { get; init; } = 7;

    public ulong? TorchSeed { get; init; }

    public NoiseSampler Sampler { get; init; } = new();

    public ImmutableArray<PixelVerifier> Verifiers { get; init; } = [new PixelVerifier()];

    public InMemoryJournal Journal { get; init; } = new();

    /// <summary>What stands between the search and its journal.</summary>
    public Func<IJournal, IJournal> Through { get; set; } = journal => journal;

    public ScriptedStop Stop { get; init; } = new();

    public RecordingObserver Observer { get; } = new();

    public long MaxWastedNfe { get; init; } = long.MaxValue;

    public SearchSpec Spec => new()
    {
        Model = "noise",
        ModelDigest = "sha256:0",
        ComputeClass = "memory",
        Condition = new Condition.Prompt("bright"),
        Algorithm = Algorithm,
        Parameters = ParametersOf(SearchAlgorithms.All[Algorithm]).SetItems(Parameters),
        Seed = Seed,
        TorchSeed = TorchSeed,
        BudgetNfe = Budget,
        Sampler = "euler",
        Steps = RunSteps,
        Guidance = 2,
        Verifiers = [.. Verifiers.Select(port => port.Chosen(new VerifierChoice(port.Name, "", 1, "sha256:1", "1", "memory")))],
        KBest = KBest,
        TargetScore = Target,
        Ensemble = Ensemble,
        StopOnHacking = StopOnHacking,
        FinalSteps = FinalSteps,
    };

    public Task<SearchResult> RunAsync(CancellationToken abort = default)
    {
        var environment = new SearchEnvironment(
            Sampler, [.. Verifiers.Cast<IVerifier>()], Through(Journal), Observer, Stop, MaxWastedNfe);
        return SearchRunner.RunAsync(Spec, SearchAlgorithms.All[Algorithm], environment, abort);
    }

    private ImmutableSortedDictionary<string, string> ParametersOf(ISearchAlgorithm algorithm) =>
        algorithm.Parameters.ToImmutableSortedDictionary(
            parameter => parameter.Name,
            parameter => parameter.Name == "round_size" ? RoundSize.ToString(CultureInfo.InvariantCulture) : parameter.DefaultText,
            StringComparer.Ordinal);

    public void Dispose() => Stop.Dispose();
}
