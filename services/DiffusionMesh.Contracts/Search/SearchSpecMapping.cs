using System.Collections.Immutable;
using DiffusionMesh.Search;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;
using VerifierMessage = DiffusionMesh.Contracts.SearchV1.VerifierSelection;

namespace DiffusionMesh.Contracts;

/// <summary>Writes resolved search specifications, and reads them back.</summary>
public static class SearchSpecMapping
{
    public static SpecMessage ToMessage(SearchSpec spec)
    {
        var message = new SpecMessage
        {
            Model = spec.Model,
            ModelDigest = spec.ModelDigest,
            ComputeClass = spec.ComputeClass,
            OnOtherComputeClass = PolicyMapping.ToMessage(spec.OnOtherComputeClass),
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

    /// <summary>Reads what <see cref="ToMessage(SearchSpec)"/> wrote.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: it makes no sense.</exception>
    public static SearchSpec ToDomain(SpecMessage message)
    {
        var violations = new FieldViolations();
        var spec = new SearchSpec
        {
            Model = message.Model,
            ModelDigest = message.ModelDigest,
            ComputeClass = message.ComputeClass,
            OnOtherComputeClass = PolicyMapping.ToDomain(message.OnOtherComputeClass, "on_other_compute_class", violations),
            Condition = ConditionMapping.ToDomain(message.Condition, "condition", violations),
            NegativeCondition = ConditionMapping.ToDomain(message.NegativeCondition, "negative_condition", violations),
            Algorithm = message.Algorithm,
            Parameters = message.Parameters.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Seed = message.Seed,
            BudgetNfe = message.BudgetNfe,
            Sampler = message.Sampler,
            Steps = message.Steps,
            Guidance = message.Guidance,
            Sampling = SamplingOptionsMapping.ToDomain(
                message.Sampling, sampler: null, [message.Sampling?.Schedule ?? ""], "sampling", violations),
            TorchSeed = message.HasTorchSeed ? message.TorchSeed : null,
            Verifiers = [.. message.Verifiers.Select((verifier, v) => ToDomain(verifier, $"verifiers[{v}]", violations))],
            KBest = message.KBest,
            TargetScore = message.HasTargetScore ? message.TargetScore : null,
            MaxDuration = message.MaxDuration?.ToTimeSpan(),
            FinalSteps = message.FinalSteps,
            Ensemble = message.Ensemble,
            StopOnHacking = message.StopOnHacking,
        };
        violations.ThrowIfAny();
        return spec;
    }

    private static VerifierChoice ToDomain(VerifierMessage message, string field, FieldViolations violations) => new(
        message.Name, message.Address, message.Weight, message.WeightsDigest, message.Version, message.ComputeClass)
    {
        State = message.State.Memory,
        HeldOut = message.HeldOut,
        OnFailure = PolicyMapping.ToDomain(message.OnFailure, field + ".on_failure", violations),
        OnReplacement = PolicyMapping.ToDomain(message.OnReplacement, field + ".on_replacement", violations),
    };

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
