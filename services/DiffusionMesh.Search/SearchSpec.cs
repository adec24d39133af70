using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Search.Ranking;

namespace DiffusionMesh.Search;

/// <summary>
/// Everything that determines the result of a search, with every default and digest filled in. The same specification
/// gives the same candidates, scores and images.
/// </summary>
public sealed record SearchSpec
{
    public required string Model { get; init; }

    /// <summary>Weights of the model: "sha256:" and 64 hexadecimal digits.</summary>
    public required string ModelDigest { get; init; }

    /// <summary>Arithmetic of the denoiser: samples are the same bits within one class.</summary>
    public required string ComputeClass { get; init; }

    /// <summary>What follows where a denoiser computes otherwise. No part of what a result is known by.</summary>
    public ComputeClassPolicy OnOtherComputeClass { get; init; }

    /// <summary>What samples should show; null means "no condition".</summary>
    public Condition? Condition { get; init; }

    /// <summary>What guidance steers away from; null means "no condition".</summary>
    public Condition? NegativeCondition { get; init; }

    /// <summary>Name of the algorithm.</summary>
    public required string Algorithm { get; init; }

    /// <summary>All parameters of the algorithm, as text.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    public ulong Seed { get; init; }

    /// <summary>Most NFE that the search may spend; the final run is not part of it.</summary>
    public required long BudgetNfe { get; init; }

    public required string Sampler { get; init; }

    /// <summary>Steps of a search run, at least 1.</summary>
    public required int Steps { get; init; }

    /// <summary>Weight w of u + w (c - u); 1 is no guidance.</summary>
    public required double Guidance { get; init; }

    /// <summary>How paths are followed, beside sampler, steps and guidance.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>If set, the first fresh noise is that of torch.manual_seed with this seed, on a CPU.</summary>
    public ulong? TorchSeed { get; init; }

    /// <summary>At least one that is not held out.</summary>
    public required ImmutableArray<VerifierChoice> Verifiers { get; init; }

    /// <summary>Name of the rule by which several verifiers choose together.</summary>
    public string Ensemble { get; init; } = EnsembleRules.Default;

    /// <summary>Ends the search once it is found to hack its verifiers. Needs one that is held out.</summary>
    public bool StopOnHacking { get; init; }

    /// <summary>How many of the best candidates the result names, at least 1.</summary>
    public int KBest { get; init; } = 1;

    /// <summary>Ends the search after the round that reaches it. Not under mean ranks.</summary>
    public double? TargetScore { get; init; }

    /// <summary>Ends the search before the first round that would begin later than this after the start.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Steps with which the winner is sampled once more; 0 means that it is used as it is.</summary>
    public int FinalSteps { get; init; }

    /// <summary>The fresh noise that start i of a search begins with: the draw at [i], but torch's for the first if it was asked for.</summary>
    public NoiseAddress StartNoise(uint index) =>
        index == 0 && TorchSeed is { } seed ? NoiseAddress.Torch(seed) : NoiseAddress.Of(Seed, index);
}
