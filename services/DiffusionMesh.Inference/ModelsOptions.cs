namespace DiffusionMesh.Inference;

/// <summary>Where a host finds its models, section <c>Models</c> of the configuration.</summary>
public sealed class ModelsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Models";

    /// <summary>What is wrong if <see cref="Exists"/> is false.</summary>
    public const string Rule = $"{Section}:{nameof(Path)} must name a folder that exists";

    /// <summary>A folder that holds a folder for each model; a verifier also takes the folder of its model itself.</summary>
    /// <value>Default: <c>models</c> beside the program.</value>
    public string Path { get; set; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>Whether there is such a folder.</summary>
    public static bool Exists(ModelsOptions options) => Directory.Exists(options.Path);
}
