using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.Verifiers.Clip;

/// <summary>What the CLIP verifier scores, section <c>Verifier</c> of the configuration.</summary>
public sealed class ClipOptions
{
    public const string Section = VerifierOptions.Section;

    public const string ClipScore = "clip-score";
    public const string ClassLogit = "class-logit";

    /// <summary>Either CLIPScore, of prompts and classes, or the zero-shot logit of a class.</summary>
    /// <value>Default: clip-score.</value>
    [AllowedValues(ClipScore, ClassLogit, ErrorMessage = $"Verifier:Score must be {ClipScore} or {ClassLogit}.")]
    public string Score { get; set; } = ClipScore;

    internal bool IsClassLogit => Score == ClassLogit;
}
