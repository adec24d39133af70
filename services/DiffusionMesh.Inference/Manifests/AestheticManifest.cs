namespace DiffusionMesh.Inference.Manifests;

/// <summary>
/// Manifest of a head on the image embedding of a clip model: kind "aesthetic", component "head" from "embedding" [N, D],
/// of unit length, to "score" [N, 1].
/// </summary>
public sealed record AestheticManifest : ModelManifest
{
    public const string KindName = "aesthetic";
    public const string HeadComponent = "head";

    /// <summary>The clip model whose embedding it takes.</summary>
    public required BaseSpec Base { get; init; }

    public required ScaleSpec Score { get; init; }

    internal override void Validate(ManifestProblems problems)
    {
        RequireComponents(problems, HeadComponent);
        problems.Require(!string.IsNullOrWhiteSpace(Base.Model), "base.model", "must not be empty");
        ManifestReader.RequireDigest(problems, "base.digest", Base.Digest);
        Score.Validate(problems, "score");
    }
}

/// <summary>The model that a head was trained on.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Digest">SHA-256 of its image encoder, 64 lower-case hexadecimal digits.</param>
public sealed record BaseSpec(string Model, string Digest);
