using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Samplers;
using ComputeClassPolicy = DiffusionMesh.Search.ComputeClassPolicy;
using SamplingOptions = DiffusionMesh.Diffusion.Samplers.SamplingOptions;
using SpecMessage = DiffusionMesh.Contracts.SearchV1.SearchSpec;

namespace DiffusionMesh.Orchestrator.Creation;

/// <summary>Checks what a specification asks of the model against what the model says of itself.</summary>
internal static class ModelRules
{
    /// <summary>The model that is named, or the only one. Null if a violation was added.</summary>
    /// <param name="preferred">Name of the model to take where several are served and none is named.</param>
    public static Model? Choose(SpecMessage spec, string preferred, IReadOnlyList<Model> models, FieldViolations violations)
    {
        const string Field = "spec.model";
        if (spec.Model.Length == 0)
        {
            var ready = models.Where(model => model.State == ModelState.Ready).ToList();
            if ((ready.Count == 1 ? ready[0] : ready.Find(model => model.Name == preferred)) is { } only)
            {
                return only;
            }

            violations.Add(Field, ready.Count == 0
                ? "is left out, and no model is ready"
                : $"is required, since several models are served: {string.Join(", ", ready.Select(model => model.Name))}");
            return null;
        }

        var named = models.FirstOrDefault(model => model.Name == spec.Model);
        if (named is null)
        {
            violations.Add(Field, RpcErrors.UnknownName("model", spec.Model, models.Select(model => model.Name)));
        }
        else if (named.State != ModelState.Ready)
        {
            violations.Add(Field, $"'{named.Name}' is not ready: {named.Error}");
            return null;
        }

        return named;
    }

    public static Condition? ReadCondition(Contracts.TensorV1.Condition? message, string field, Model? model, FieldViolations violations)
    {
        var before = violations.Count;
        var condition = ConditionMapping.ToDomain(message, field, violations);
        if (violations.Count > before || model is null)
        {
            return condition;
        }

        switch (condition)
        {
            case Condition.Prompt:
                violations.Require(model.AcceptsPrompt, field + ".prompt", $"'{model.Name}' understands no prompts");
                break;

            case Condition.ClassLabel(var label):
                violations.Require(
                    label < model.Classes.Count,
                    field + ".class_label",
                    model.Classes.Count == 0
                        ? $"'{model.Name}' knows no classes"
                        : $"is {label}; '{model.Name}' has the classes {Numbered(model.Classes)}");
                break;
        }

        return condition;
    }

    /// <summary>The sampler that is named, or the model's default; empty if a violation was added.</summary>
    public static string ChooseSampler(SpecMessage spec, Model model, FieldViolations violations)
    {
        const string Field = "spec.sampler";
        var name = spec.Sampler.Length > 0 ? spec.Sampler : model.Defaults?.Sampler ?? "";
        return violations.Require(
                model.Samplers.Contains(name), Field, RpcErrors.UnknownName("sampler", name, model.Samplers))
            && violations.Require(
                Sampler.All.TryGet(name, out _), Field, $"what '{name}' costs is not known here")
            ? name
            : "";
    }

    /// <summary>The options that are named, the defaults of sampler and model filled in.</summary>
    /// <param name="sampler">Name of the sampler; empty if it is not known.</param>
    public static SamplingOptions ReadSampling(SpecMessage spec, string sampler, Model? model, FieldViolations violations)
    {
        var chosen = sampler.Length == 0 ? null : Sampler.All[sampler];
        var schedules = model?.Schedules ?? [];
        var options = SamplingOptionsMapping.ToDomain(
            spec.Sampling, chosen, model is null ? [spec.Sampling?.Schedule ?? ""] : schedules, "spec.sampling", violations);
        return options with
        {
            Eta = options.Eta ?? chosen?.DefaultEta,
            Schedule = options.Schedule.Length > 0 ? options.Schedule : schedules.FirstOrDefault(""),
        };
    }

    /// <summary>Whether a pod with these models could serve what is pinned. Where nothing is, each can.</summary>
    public static bool HavePinned(SpecMessage spec, IReadOnlyList<Model> models) =>
        (spec.ModelDigest.Length == 0 && spec.ComputeClass.Length == 0)
        || models.Any(model =>
            (spec.Model.Length == 0 || spec.Model == model.Name)
            && (spec.ModelDigest.Length == 0 || spec.ModelDigest == model.Digest)
            && (spec.ComputeClass.Length == 0 || spec.ComputeClass == model.ComputeClass));

    /// <summary>Adds FAILED_PRECONDITION-worthy differences between what is pinned and what is served.</summary>
    /// <exception cref="Grpc.Core.RpcException">FAILED_PRECONDITION: other weights or arithmetic are pinned.</exception>
    public static void CheckPins(SpecMessage spec, Model model, ComputeClassPolicy onOtherClass)
    {
        if (spec.ModelDigest.Length > 0 && spec.ModelDigest != model.Digest)
        {
            throw RpcErrors.FailedPrecondition(
                "MODEL_DIGEST_MISMATCH",
                $"spec.model_digest: '{model.Name}' has the weights {model.Digest}, not the pinned {spec.ModelDigest}",
                ("pinned", spec.ModelDigest),
                ("served", model.Digest));
        }

        if (onOtherClass == ComputeClassPolicy.Refuse && spec.ComputeClass.Length > 0 && spec.ComputeClass != model.ComputeClass)
        {
            throw RpcErrors.FailedPrecondition(
                "COMPUTE_CLASS_MISMATCH",
                $"spec.compute_class: '{model.Name}' runs on {model.ComputeClass}, not on the pinned {spec.ComputeClass}",
                ("pinned", spec.ComputeClass),
                ("served", model.ComputeClass));
        }
    }

    private static string Numbered(IEnumerable<string> classes) =>
        string.Join(", ", classes.Select((name, label) => $"{label} ({name})"));
}
