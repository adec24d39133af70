using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.Verifiers;

/// <summary>Where the model of a verifier is, section <c>Models</c> of the configuration.</summary>
public sealed class ModelsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Models";

    /// <summary>A model's folder, or a folder that holds one of the kind that the verifier serves.</summary>
    /// <value>Default: <c>models</c> beside the program.</value>
    [Required]
    public string Path { get; set; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models");
}
