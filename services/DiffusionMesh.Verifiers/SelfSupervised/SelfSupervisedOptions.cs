using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.Verifiers.SelfSupervised;

/// <summary>What the self-supervised verifier compares by, section <c>Verifier</c> of the configuration.</summary>
public sealed class SelfSupervisedOptions
{
    public const string Section = VerifierOptions.Section;

    public const string Dino = "dino";
    public const string Clip = "clip";

    /// <summary>Kind of the model whose embeddings are compared.</summary>
    /// <value>Default: dino.</value>
    [AllowedValues(Dino, Clip, ErrorMessage = $"Verifier:Features must be {Dino} or {Clip}.")]
    public string Features { get; set; } = Dino;
}
