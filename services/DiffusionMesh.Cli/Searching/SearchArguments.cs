using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using Google.Protobuf.WellKnownTypes;

namespace DiffusionMesh.Cli.Searching;

/// <summary>What a user asks for.</summary>
internal sealed record SearchArguments
{
    /// <summary>A search without a budget may sample so many candidates.</summary>
    public const int DefaultCandidates = 64;

    public string? Prompt { get; init; }

    public int? ClassLabel { get; init; }

    public string? Negative { get; init; }

    public string Model { get; init; } = "";

    public string Algorithm { get; init; } = "random";

    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public ulong Seed { get; init; }

    /// <summary>NFE; null for <see cref="DefaultCandidates"/> times the steps.</summary>
    public long? Budget { get; init; }

    /// <summary>Null for the model's default.</summary>
    public int? Steps { get; init; }

    /// <summary>Null for the model's default.</summary>
    public double? Guidance { get; init; }

    public string Sampler { get; init; } = "";

    public SamplingArguments Sampling { get; init; } = new();

    /// <summary>Null for a first candidate of the search's own seed.</summary>
    public ulong? TorchSeed { get; init; }

    /// <summary>Those that select and those that are held out.</summary>
    public IReadOnlyList<VerifierArgument> Verifiers { get; init; } = [new("clip")];

    /// <summary>Names of the verifiers that the services have to know.</summary>
    public IEnumerable<string> ConfiguredVerifiers =>
        Verifiers.Where(verifier => verifier.Address.Length == 0).Select(verifier => verifier.Name).Distinct();

    /// <summary>Name of the rule for several verifiers; empty for the services' default.</summary>
    public string Ensemble { get; init; } = "";

    public FailurePolicy OnVerifierFailure { get; init; }

    public ReplacementPolicy OnVerifierReplacement { get; init; }

    public bool StopOnHacking { get; init; }

    public int KBest { get; init; } = 1;

    public double? TargetScore { get; init; }

    public double? MaxSeconds { get; init; }

    public int FinalSteps { get; init; }

    public Priority Priority { get; init; }

    public ComputeClassPolicy OnOtherComputeClass { get; init; }

    /// <summary>Writes the specification; what only the services know is taken from what they say of themselves.</summary>
    public SearchSpec ToSpec(DescribeMeshResponse mesh)
    {
        var spec = new SearchSpec
        {
            Model = Model,
            Condition = ClassLabel is { } label ? new Condition { ClassLabel = label } : new Condition { Prompt = Prompt ?? "" },
            Algorithm = Algorithm,
            Seed = Seed,
            BudgetNfe = Budget ?? (long)DefaultCandidates * StepsOf(mesh),
            Sampler = Sampler,
            Sampling = Sampling.ToMessage(),
            Steps = Steps ?? 0,
            KBest = KBest,
            FinalSteps = FinalSteps,
            Priority = Priority,
            OnOtherComputeClass = OnOtherComputeClass,
            Ensemble = Ensemble,
            StopOnHacking = StopOnHacking,
        };
        spec.Parameters.Add(Parameters.ToDictionary());
        spec.Verifiers.Add(Verifiers.Select(verifier => verifier.ToSelection(OnVerifierFailure, OnVerifierReplacement)));
        if (Negative is { } negative)
        {
            spec.NegativeCondition = new Condition { Prompt = negative };
        }

        if (Guidance is { } guidance)
        {
            spec.Guidance = guidance;
        }

        if (TorchSeed is { } seed)
        {
            spec.TorchSeed = seed;
        }

        if (TargetScore is { } target)
        {
            spec.TargetScore = target;
        }

        if (MaxSeconds is { } seconds)
        {
            spec.MaxDuration = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));
        }

        return spec;
    }

    private int StepsOf(DescribeMeshResponse mesh)
    {
        var model = mesh.Models.FirstOrDefault(candidate => Model.Length == 0 || candidate.Name == Model);
        return Steps ?? Math.Max(model?.Defaults?.Steps ?? 1, 1);
    }
}
