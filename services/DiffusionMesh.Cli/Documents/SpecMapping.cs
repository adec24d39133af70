using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;

namespace DiffusionMesh.Cli.Documents;

internal static class SpecMapping
{
    public static SpecSection ToSection(this SearchSpec spec, DescribeMeshResponse mesh)
    {
        var model = mesh.Models.FirstOrDefault(candidate => candidate.Name == spec.Model);
        return new SpecSection
        {
            Condition = spec.Condition.ToSection(model) ?? new ConditionSection(),
            NegativeCondition = spec.NegativeCondition.ToSection(model),
            Algorithm = spec.Algorithm,
            Parameters = new SortedDictionary<string, string>(spec.Parameters.ToDictionary(), StringComparer.Ordinal),
            Seed = spec.Seed,
            BudgetNfe = spec.BudgetNfe,
            Sampler = spec.Sampler,
            Steps = spec.Steps,
            Guidance = spec.HasGuidance ? spec.Guidance : null,
            Sampling = spec.Sampling is { } sampling ? ToSection(sampling) : null,
            TorchSeed = spec.HasTorchSeed ? spec.TorchSeed : null,
            FinalSteps = spec.FinalSteps,
            KBest = Math.Max(spec.KBest, 1),
            TargetScore = spec.HasTargetScore ? spec.TargetScore : null,
            MaxSeconds = spec.MaxDuration?.ToTimeSpan().TotalSeconds,
            Model = spec.Model,
            ModelDigest = spec.ModelDigest,
            ComputeClass = spec.ComputeClass,
            OnOtherComputeClass = SearchDocumentMapping.SnakeCase(
                spec.OnOtherComputeClass == default ? ComputeClassPolicy.Refuse : spec.OnOtherComputeClass),
            Verifiers = [.. spec.Verifiers.Select(ToSection)],
            Ensemble = spec.Ensemble.Length == 0 ? "rank" : spec.Ensemble,
            StopOnHacking = spec.StopOnHacking,
        };
    }

    private static ConditionSection? ToSection(this Condition? condition, Model? model) => condition?.KindCase switch
    {
        Condition.KindOneofCase.Prompt => new ConditionSection { Prompt = condition.Prompt },
        Condition.KindOneofCase.ClassLabel => new ConditionSection
        {
            ClassLabel = condition.ClassLabel,
            ClassName = model?.Classes.ElementAtOrDefault(condition.ClassLabel),
        },
        _ => null,
    };

    private static SamplingSection ToSection(SamplingOptions sampling) => new(
        sampling.HasEta ? sampling.Eta : null,
        sampling.Schedule,
        sampling.HasResolutionShift ? sampling.ResolutionShift : 1,
        sampling.GuidanceRescale,
        sampling.HasGuidanceFromNoiseLevel ? sampling.GuidanceFromNoiseLevel : 1,
        sampling.GuidanceToNoiseLevel);

    private static VerifierSelectionSection ToSection(VerifierSelection selection) => new()
    {
        Name = selection.Name,
        Version = selection.Version,
        Address = SearchDocumentMapping.NullIfEmpty(selection.Address),
        Weight = selection.Weight == 0 ? 1 : selection.Weight,
        HeldOut = selection.HeldOut,
        OnFailure = SearchDocumentMapping.SnakeCase(selection.OnFailure == default ? FailurePolicy.Exclude : selection.OnFailure),
        OnReplacement = SearchDocumentMapping.SnakeCase(selection.OnReplacement == default ? ReplacementPolicy.Refuse : selection.OnReplacement),
        WeightsDigest = selection.WeightsDigest,
        ComputeClass = selection.ComputeClass,
    };
}
