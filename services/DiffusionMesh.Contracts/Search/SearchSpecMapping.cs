using DiffusionMesh.Search;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;
using VerifierMessage = DiffusionMesh.Contracts.SearchV1.VerifierSelection;

namespace DiffusionMesh.Contracts;

/// <summary>Writes resolved search specifications.</summary>
public static class SearchSpecMapping
{
    public static SpecMessage ToMessage(SearchSpec spec)
    {
        var message = new SpecMessage
        {
            Model = spec.Model,
            ModelDigest = spec.ModelDigest,
            ComputeClass = spec.ComputeClass,
            Condition = ConditionMapping.ToMessage(spec.Condition),
            NegativeCondition = ConditionMapping.ToMessage(spec.NegativeCondition),
            Algorithm = spec.Algorithm,
            Seed = spec.Seed,
            BudgetNfe = spec.BudgetNfe,
            Sampler = spec.Sampler,
            Steps = spec.Steps,
            Guidance = spec.Guidance,
            Sampling = SamplingOptionsMapping.ToMessage(spec.Sampling),
            KBest = spec.KBest,
            FinalSteps = spec.FinalSteps,
            Ensemble = spec.Ensemble,
            StopOnHacking = spec.StopOnHacking,
            Verifiers = { spec.Verifiers.Select(ToMessage) },
            MaxDuration = spec.MaxDuration is { } limit ? Duration.FromTimeSpan(limit) : null,
        };
        message.Parameters.Add(spec.Parameters);
        if (spec.TorchSeed is { } seed)
        {
            message.TorchSeed = seed;
        }

        if (spec.TargetScore is { } target)
        {
            message.TargetScore = target;
        }

        return message;
    }

    private static VerifierMessage ToMessage(VerifierChoice verifier) => new()
    {
        Name = verifier.Name,
        Address = verifier.Address,
        Weight = verifier.Weight,
        WeightsDigest = verifier.WeightsDigest,
        Version = verifier.Version,
        ComputeClass = verifier.ComputeClass,
        HeldOut = verifier.HeldOut,
        OnFailure = PolicyMapping.ToMessage(verifier.OnFailure),
        OnReplacement = PolicyMapping.ToMessage(verifier.OnReplacement),
        State = UnsafeByteOperations.UnsafeWrap(verifier.State),
    };
}
