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
    public IReadOnlyList<ClassPrompts> Classes
    {
        get => field ?? [];
        init; // null where the manifest says nothing: the serializer sets every property
    }

    public required ScoreSpec Score { get; init; }

    internal override IEnumerable<OtherFile> OtherFiles => [new("tokenizer", Tokenizer)];

    internal override void Validate(ManifestProblems problems)
    {
        RequireComponents(problems, ImageEncoderComponent, TextEncoderComponent);
        Preprocessing.Validate(problems);
        problems.Require(double.IsFinite(Score.Weight) && Score.Weight > 0, "score.weight", "must be a number above 0");
        new ScaleSpec(Score.Range, Score.RealMean, Score.RealStandardDeviation).Validate(problems, "score");
        for (var i = 0; i < Classes.Count; i++)
        {
            problems.Require(!string.IsNullOrWhiteSpace(Classes[i].Name), $"classes[{i}].name", "must not be empty");
            problems.Require(Classes[i].Prompts.Count > 0, $"classes[{i}].prompts", "must hold at least one prompt");
        }
    }
}

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
