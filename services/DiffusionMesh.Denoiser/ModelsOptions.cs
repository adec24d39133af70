namespace DiffusionMesh.Denoiser;

/// <summary>Where models are found.</summary>
public sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>A folder that holds a folder for each model; a relative path starts beside the program.</summary>
    /// <value>Default: "models".</value>
    public string Path { get; set; } = "models";

    internal string FullPath => System.IO.Path.GetFullPath(Path, AppContext.BaseDirectory);
}
