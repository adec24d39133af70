namespace DiffusionMesh.Inference.Manifests;

/// <summary>Something chosen by name.</summary>
public sealed record NamedSpec(string Type);

/// <summary>The states that the denoiser works on.</summary>
/// <param name="Shape">[C, H, W] at the trained resolution.</param>
/// <param name="Scale">The data of a finished state is latent / scale + shift.</param>
/// <param name="Shift">See <paramref name="Scale"/>.</param>
/// <param name="SpatialMultiple">H and W must be multiples of this.</param>
public sealed record LatentSpec(IReadOnlyList<int> Shape, double Scale, double Shift, int SpatialMultiple)
{
    private const int MaxDimension = 4096;
    private const long MaxElements = 1 << 24;

    internal long Elements => Shape.Aggregate(1L, (product, size) => product * size);

    internal void Validate(ManifestProblems problems)
    {
        problems.Require(SpatialMultiple >= 1, "latent.spatial_multiple", "must be at least 1");
        problems.Require(
            Shape.Count == 3 && Shape.All(dimension => dimension is >= 1 and <= MaxDimension),
            "latent.shape",
            $"must be [C, H, W], each in 1 to {MaxDimension}");
        problems.Require(problems.Any || Elements <= MaxElements, "latent.shape", $"must have at most {MaxElements} elements");
        problems.Require(double.IsFinite(Scale) && Scale > 0, "latent.scale", "must be a number above 0");
        problems.Require(double.IsFinite(Shift), "latent.shift", "must be a number");
        if (!problems.Any)
        {
            problems.Require(
                Shape[1] % SpatialMultiple == 0 && Shape[2] % SpatialMultiple == 0,
                "latent.shape",
                $"must have H and W in multiples of spatial_multiple, {SpatialMultiple}");
        }
    }
}

/// <summary>Images as floats.</summary>
/// <param name="Width">Pixels at the trained resolution.</param>
/// <param name="Height">Pixels at the trained resolution.</param>
/// <param name="Channels">1 (grey) or 3 (RGB).</param>
/// <param name="Range">[black, white].</param>
public sealed record ImageSpec(int Width, int Height, int Channels, IReadOnlyList<double> Range)
{
    private const int MaxSide = 16_384;

    internal void Validate(ManifestProblems problems, string field)
    {
        problems.Require(Width is >= 1 and <= MaxSide, field + ".width", $"must lie in 1 to {MaxSide}");
        problems.Require(Height is >= 1 and <= MaxSide, field + ".height", $"must lie in 1 to {MaxSide}");
        problems.Require(Channels is 1 or 3, field + ".channels", "must be 1 (grey) or 3 (RGB)");
        problems.Require(Range is [var low, var high] && low < high, field + ".range", "must be two numbers, the lower first");
    }
}

/// <summary>What can be asked of a model.</summary>
/// <param name="Classes">Class names in order of their label; null if the model takes no class.</param>
/// <param name="ClassNone">The label that means "no class"; given with classes.</param>
/// <param name="Text">Null if the model takes no prompt.</param>
public sealed record ConditioningSpec(IReadOnlyList<string>? Classes, int? ClassNone, TextSpec? Text)
{
    internal void Validate(ManifestProblems problems)
    {
        if (Classes is { } classes)
        {
            problems.Require(
                classes.Count > 0 && classes.All(name => !string.IsNullOrWhiteSpace(name)) && classes.Distinct(StringComparer.Ordinal).Count() == classes.Count,
                "conditioning.classes",
                "must be names, each once");
            problems.Require(
                ClassNone is { } none && (none < 0 || none >= classes.Count),
                "conditioning.class_none",
                "must be a label that is not a class");
        }

        problems.Require(
            Text is null or { Dimension: >= 1 and <= TextSpec.MaxDimension }, "conditioning.text.dimension", $"must lie in 1 to {TextSpec.MaxDimension}");
    }
}

/// <summary>How prompts reach the denoiser.</summary>
/// <param name="Tokenizer">Name of the tokenizer's file inside the model's folder.</param>
/// <param name="Dimension">Length of the text embedding.</param>
public sealed record TextSpec(string Tokenizer, int Dimension)
{
    internal const int MaxDimension = 65_536;
}

/// <summary>What a request gets that does not say otherwise.</summary>
public sealed record DefaultsSpec(string Sampler, int Steps, double Guidance);

/// <summary>What an evaluation of the network costs.</summary>
/// <param name="FlopsPerRow">Twice the multiply-adds of one row.</param>
public sealed record CostSpec(long FlopsPerRow);
