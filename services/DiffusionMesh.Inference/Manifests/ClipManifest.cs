namespace DiffusionMesh.Inference.Manifests;

/// <summary>Manifest of a pair of contrastive towers: kind "clip", components "image_encoder" and "text_encoder".</summary>
public sealed record ClipManifest : ModelManifest
{
    public const string KindName = "clip";
    public const string ImageEncoderComponent = "image_encoder";
    public const string TextEncoderComponent = "text_encoder";

    public required PreprocessingSpec Preprocessing { get; init; }

    /// <summary>Name of the tokenizer's file inside the model's folder.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>Classes with the prompts that describe them; empty if the model knows none.</summary>
    public IReadOnlyList<ClassPrompts> Classes { get; init; } = [];

    public required ScoreSpec Score { get; init; }

    internal override IEnumerable<(string Field, string File)> OtherFiles => [("tokenizer", Tokenizer)];

    internal override void Validate(ManifestProblems problems)
    {
        foreach (var component in new[] { ImageEncoderComponent, TextEncoderComponent })
        {
            problems.Require(Components.GetValueOrDefault(component) is not null, "components." + component, "is required");
        }

        new ImageSpec(Preprocessing.Width, Preprocessing.Height, Preprocessing.Channels, Preprocessing.Range).Validate(problems, "preprocessing");
        problems.Require(Preprocessing.Resize == "bilinear", "preprocessing.resize", $"\"{Preprocessing.Resize}\" is unknown; known is: bilinear");
        problems.Require(double.IsFinite(Score.Weight) && Score.Weight > 0, "score.weight", "must be a number above 0");
        problems.Require(Score.Range is [var low, var high] && low < high, "score.range", "must be two numbers, the lower first");
        problems.Require(
            (Score.RealMean is null) == (Score.RealStandardDeviation is null) && Score.RealStandardDeviation is null or > 0,
            "score.real_standard_deviation",
            "must be above 0 and given together with real_mean");
        for (var i = 0; i < Classes.Count; i++)
        {
            problems.Require(!string.IsNullOrWhiteSpace(Classes[i].Name), $"classes[{i}].name", "must not be empty");
            problems.Require(Classes[i].Prompts.Count > 0, $"classes[{i}].prompts", "must hold at least one prompt");
        }
    }
}

/// <summary>How an image is brought to what the image tower takes: [N, C, H, W] with values in the range.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Range">What black and white become.</param>
/// <param name="Resize">How other sizes are brought to this one.</param>
public sealed record PreprocessingSpec(int Width, int Height, int Channels, IReadOnlyList<double> Range, string Resize);

/// <summary>A class and the prompts whose mean embedding stands for it.</summary>
public sealed record ClassPrompts(string Name, IReadOnlyList<string> Prompts);

/// <summary>What a score means.</summary>
/// <param name="Name">For example "clip-score".</param>
/// <param name="Weight">The score is weight × max(cosine, 0).</param>
/// <param name="Prefix">Put before every prompt.</param>
/// <param name="Range">[lowest, highest] score.</param>
/// <param name="RealMean">Mean over real images, if measured.</param>
/// <param name="RealStandardDeviation">Standard deviation over real images, if measured.</param>
public sealed record ScoreSpec(
    string Name,
    double Weight,
    string Prefix,
    IReadOnlyList<double> Range,
    double? RealMean = null,
    double? RealStandardDeviation = null);
