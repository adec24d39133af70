namespace DiffusionMesh.Inference.Manifests;

/// <summary>How an image is brought to what a network takes: [N, C, H, W] with values in the range.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Range">What black and white become.</param>
/// <param name="Resize">How other sizes are brought to this one.</param>
public sealed record PreprocessingSpec(int Width, int Height, int Channels, IReadOnlyList<double> Range, string Resize)
{
    internal void Validate(ManifestProblems problems)
    {
        new ImageSpec(Width, Height, Channels, Range).Validate(problems, "preprocessing");
        problems.Require(Resize == "bilinear", "preprocessing.resize", $"\"{Resize}\" is unknown; known is: bilinear");
    }
}
