using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
using DiffusionMesh.Inference.Manifests;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>Describes models to clients.</summary>
internal static class ModelMessages
{
    /// <summary>A model that could not be loaded.</summary>
    public static Model Failed(string folder, string reason) => new() { Name = folder, State = ModelState.Failed, Error = reason };

    public static Model Ready(ServedModel served)
    {
        var manifest = served.Model.Manifest;
        return new Model
        {
            Name = manifest.Name,
            Version = manifest.Version,
            State = ModelState.Ready,
            Digest = served.Model.Digest,
            Components = { Components(manifest) },
            Form = manifest.Form.Type,
            Prediction = manifest.Prediction,
            LatentShape = { manifest.Latent.Shape.Select(dimension => (long)dimension) },
            ImageShape = { manifest.Image.Height, manifest.Image.Width, manifest.Image.Channels },
            Classes = { manifest.Conditioning.Classes ?? [] },
            AcceptsPrompt = served.Model.Tokenizer is not null,
            MaxTokens = served.Model.Tokenizer?.MaxTokens ?? 0,
            Defaults = new SamplingDefaults
            {
                Sampler = manifest.Defaults.Sampler,
                Steps = manifest.Defaults.Steps,
                Guidance = manifest.Defaults.Guidance,
            },
            Samplers = { Sampler.All.Names },
            Schedules = { Schedule.All.Names.OrderByDescending(name => name == manifest.Schedule.Type) },
            ComputeClass = served.Model.ComputeClass,
            Provider = served.Model.Provider.ToString().ToLowerInvariant(),
            BatchCurve = { served.Model.BatchCurve.Points.Select(point => new BatchPoint { Rows = point.Rows, Seconds = point.Seconds }) },
            Determinism = ToMessage(served.Model.Determinism),
            Description = manifest.Description,
            License = manifest.License,
        };
    }

    private static Determinism ToMessage(Inference.Models.Determinism determinism) => determinism switch
    {
        Inference.Models.Determinism.Exact => Determinism.Exact,
        Inference.Models.Determinism.Padded => Determinism.Padded,
        _ => Determinism.None,
    };

    private static IEnumerable<Component> Components(DenoiserManifest manifest)
    {
        foreach (var (role, component) in manifest.Components.OrderBy(component => component.Key, StringComparer.Ordinal))
        {
            if (component is not null)
            {
                yield return new Component { Kind = Kind(role), File = component.File, Sha256 = component.Sha256 };
            }
        }
    }

    private static ComponentKind Kind(string role) => role switch
    {
        DenoiserManifest.TextEncoderComponent => ComponentKind.TextEncoder,
        DenoiserManifest.DenoiserComponent => ComponentKind.Denoiser,
        DenoiserManifest.DecoderComponent => ComponentKind.Decoder,
        _ => ComponentKind.Unspecified,
    };
}
