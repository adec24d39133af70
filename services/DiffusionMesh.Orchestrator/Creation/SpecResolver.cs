using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ranking;
using Grpc.Core;
using Microsoft.Extensions.Options;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>Fills in a specification and checks all of it, so that no search begins that cannot run.</summary>
internal sealed class SpecResolver(
    DenoiserMesh denoiser,
    VerifierRules verifierRules,
    MeshChecks meshChecks,
    IOptions<OrchestratorOptions> options)
{
    private readonly NumberRules _numbers = new(options.Value);

    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT with everything that is wrong; FAILED_PRECONDITION if other weights or arithmetic are pinned than
    /// are served; UNAVAILABLE if denoiser or verifier do not answer.
    /// </exception>
    public async Task<ResolvedSearch> ResolveAsync(SpecMessage? message, CancellationToken cancellationToken)
    {
        var violations = new FieldViolations();
        if (message is null)
        {
            violations.Add("spec", "is required");
            throw violations.ToException();
        }

        var onOtherClass = PolicyMapping.ToDomain(message.OnOtherComputeClass, "spec.on_other_compute_class", violations);
        var models = await denoiser.ListModelsAsync(served => ModelRules.HavePinned(message, served), cancellationToken);
        var model = ModelRules.Choose(message, options.Value.DefaultModel, models, violations);
        if (model is not null)
        {
            ModelRules.CheckPins(message, model, onOtherClass);
        }

        violations.Require(
            message.Condition is { KindCase: not Contracts.TensorV1.Condition.KindOneofCase.None },
            "spec.condition",
            "is required: a prompt or a class label");
        var condition = ModelRules.ReadCondition(message.Condition, "spec.condition", model, violations);
        var verifiers = await verifierRules.ChooseAsync(message, condition, violations, cancellationToken);
        var ensemble = EnsembleChoice.Choose(message, violations);
        EnsembleChoice.Check(message, ensemble, verifiers, violations);
        var algorithm = AlgorithmRules.Choose(message, violations);
        var sampler = model is null ? "" : ModelRules.ChooseSampler(message, model, violations);
        var steps = model is null ? 0 : _numbers.Steps(message, model, violations);
        long? cost = sampler.Length > 0 && steps > 0 && steps <= options.Value.MaxSteps ? RemoteSampler.Cost(sampler, steps) : null;
        _numbers.CheckBudget(message, cost, $"{sampler}, {steps} steps", violations);

        var spec = new SearchSpec
        {
            Model = model?.Name ?? "",
            ModelDigest = model?.Digest ?? "",
            ComputeClass = message.ComputeClass.Length > 0 ? message.ComputeClass : model?.ComputeClass ?? "",
            OnOtherComputeClass = onOtherClass,
            Condition = condition,
            NegativeCondition = ModelRules.ReadCondition(message.NegativeCondition, "spec.negative_condition", model, violations),
            Algorithm = algorithm?.Name ?? "",
            Parameters = algorithm is null ? ImmutableSortedDictionary<string, string>.Empty : AlgorithmRules.Parameters(message, algorithm, violations),
            Seed = message.Seed,
            BudgetNfe = message.BudgetNfe,
            Sampler = sampler,
            Steps = steps,
            Sampling = ModelRules.ReadSampling(message, sampler, model, violations),
            TorchSeed = message.HasTorchSeed ? message.TorchSeed : null,
            Guidance = model is null ? 1 : NumberRules.Guidance(message, model, violations),
            Verifiers = [.. verifiers.Select(verifier => verifier.Choice)],
            KBest = NumberRules.KBest(message, violations),
            TargetScore = NumberRules.TargetScore(message, ensemble, violations),
            MaxDuration = NumberRules.Limit(message, violations),
            FinalSteps = _numbers.FinalSteps(message, violations),
            Ensemble = ensemble?.Name ?? EnsembleRules.Default,
            StopOnHacking = message.StopOnHacking,
        };
        violations.Require(Enum.IsDefined(message.Priority), "spec.priority", $"is {message.Priority}, which is not a priority; known: HIGH, NORMAL, LOW");
        AlgorithmRules.CheckVerifiers(algorithm, spec.Parameters, verifiers, violations);
        violations.ThrowIfAny();

        var planned = algorithm!.PlannedCandidates(spec, cost!.Value);
        _numbers.CheckCandidates(planned, model!, violations);
        violations.ThrowIfAny();

        var resolved = new ResolvedSearch(spec, algorithm, verifiers, planned, message.Priority);
        await meshChecks.RunAsync(resolved, model!, violations, cancellationToken);
        violations.ThrowIfAny();
        return resolved;
    }
}
