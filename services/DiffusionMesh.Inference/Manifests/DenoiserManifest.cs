using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;

namespace DiffusionMesh.Inference.Manifests;

/// <summary>Manifest of a diffusion model: kind "denoiser", components "denoiser" and, if it takes prompts, "text_encoder", and, if it works on latents, "decoder".</summary>
public sealed record DenoiserManifest : ModelManifest
{
    public const string KindName = "denoiser";
    public const string DenoiserComponent = "denoiser";
    public const string TextEncoderComponent = "text_encoder";
    public const string DecoderComponent = "decoder";

    private const int MaxSteps = 1000;

    public required NamedSpec Form { get; init; }

    /// <summary>What the network predicts: a name of <see cref="Prediction.All"/>.</summary>
    public required string Prediction { get; init; }

    /// <summary>Standard deviation of the data, for the prediction "edm"; null for 0.5.</summary>
    public double? SigmaData { get; init; }

    public required NamedSpec Schedule { get; init; }

    public required LatentSpec Latent { get; init; }

    public required ImageSpec Image { get; init; }

    public required ConditioningSpec Conditioning { get; init; }

    public required DefaultsSpec Defaults { get; init; }

    /// <summary>
    /// Parameters of the sampler "amed", by number of steps, for runs from noise to data on the model's schedule: one entry
    /// for each step but the last. Null if nothing was fitted.
    /// </summary>
    public IReadOnlyDictionary<int, IReadOnlyList<AmedSpec>>? Amed { get; init; }

    /// <summary>What an evaluation costs; null if never measured.</summary>
    public CostSpec? Cost { get; init; }

    /// <summary>Whether states are latents that a network turns into images, or the images themselves.</summary>
    internal bool HasDecoder => Components.GetValueOrDefault(DecoderComponent) is not null;

    /// <summary>How many times as high and as wide as its latent an image is.</summary>
    internal int ImageFactor => Math.Max(1, Image.Height / Latent.Shape[1]);

    internal override IEnumerable<OtherFile> OtherFiles =>
        Conditioning.Text is { } text ? [new("conditioning.text.tokenizer", text.Tokenizer)] : [];

    internal override void Validate(ManifestProblems problems)
    {
        problems.RequireKnown("form.type", Form.Type, Diffusion.Forms.Form.All);
        problems.RequireKnown("prediction", Prediction, Diffusion.Predictions.Prediction.All);
        problems.Require(SigmaData is null || Prediction == "edm", "sigma_data", "is for the prediction \"edm\"; leave it out");
        problems.Require(SigmaData is null or (> 0 and < double.PositiveInfinity), "sigma_data", "must be a number above 0");
        AmedSpec.Validate(Amed, problems);
        problems.RequireKnown("schedule.type", Schedule.Type, Diffusion.Schedules.Schedule.All);
        problems.RequireKnown("defaults.sampler", Defaults.Sampler, Sampler.All);
        problems.Require(Defaults.Steps is >= 1 and <= MaxSteps, "defaults.steps", $"must lie in 1 to {MaxSteps}");
        problems.Require(double.IsFinite(Defaults.Guidance) && Defaults.Guidance >= 0, "defaults.guidance", "must be a number of 0 or more");
        problems.Require(Cost is null or { FlopsPerRow: > 0 }, "cost.flops_per_row", "must be above 0");
        Latent.Validate(problems);
        Image.Validate(problems, "image");
        Conditioning.Validate(problems);

        problems.Require(Components.GetValueOrDefault(DenoiserComponent) is not null, "components.denoiser", "is required");
        problems.Require(
            (Conditioning.Text is null) == (Components.GetValueOrDefault(TextEncoderComponent) is null),
            "components.text_encoder",
            "must be given if and only if conditioning.text is");
        if (problems.Any)
        {
            return;
        }

        problems.Require(
            HasDecoder || (Latent.Shape[0] == Image.Channels && ImageFactor == 1),
            "image",
            "must have the latent's shape, as there is no decoder");
        problems.Require(
            (Image.Height, Image.Width) == (Latent.Shape[1] * ImageFactor, Latent.Shape[2] * ImageFactor),
            "image",
            "must be a whole number of times as high and as wide as the latent");
        problems.Require(
            Diffusion.Predictions.Prediction.All[Prediction].IsDefinedAt(NoisiestPoint(Diffusion.Forms.Form.All[Form.Type])),
            "prediction",
            $"\"{Prediction}\" says nothing of the data at the pure noise where form \"{Form.Type}\" begins");
    }

    private static PathPoint NoisiestPoint(Form form) => form.At(form.NoisiestTime);
}
