using System.Text.Json;

namespace DiffusionMesh.Inference.Manifests;

/// <summary>What every manifest.json says. Manifests are checked when they are read: see <see cref="ManifestReader"/>.</summary>
public abstract record ModelManifest
{
    /// <summary>Version of the manifest's format; this one is 1.</summary>
    public required int Schema { get; init; }

    /// <summary>Lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary>What the model is for; decides which further fields there are.</summary>
    public required string Kind { get; init; }

    public required string Description { get; init; }

    /// <summary>SPDX expression of the weights' licence.</summary>
    public required string License { get; init; }

    /// <summary>The networks by role, for example "denoiser". A role that the model does not need may be null.</summary>
    public required IReadOnlyDictionary<string, NetworkFile?> Components { get; init; }

    /// <summary>How the model was trained. Any content.</summary>
    public JsonElement? Training { get; init; }

    /// <summary>Measured quality. Any content.</summary>
    public JsonElement? Quality { get; init; }

    /// <summary>File names beside the components that the model needs, for example its tokenizer.</summary>
    internal virtual IEnumerable<OtherFile> OtherFiles => [];

    /// <summary>Adds what is wrong beyond the fields that all manifests have.</summary>
    internal abstract void Validate(ManifestProblems problems);

    private protected void RequireComponents(ManifestProblems problems, params ReadOnlySpan<string> roles)
    {
        foreach (var role in roles)
        {
            problems.Require(Components.GetValueOrDefault(role) is not null, "components." + role, "is required");
        }
    }
}

/// <summary>A file with a network.</summary>
/// <param name="File">Name inside the model's folder.</param>
/// <param name="Sha256">Of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Data">The files in the same folder that hold its weights, where the network itself does not (ONNX external data).</param>
public sealed record NetworkFile(string File, string Sha256, IReadOnlyList<ComponentFile>? Data = null);

/// <summary>A file with data.</summary>
/// <param name="File">Name inside the model's folder.</param>
/// <param name="Sha256">Of the file, 64 lower-case hexadecimal digits.</param>
public sealed record ComponentFile(string File, string Sha256);

/// <summary>A file that is no network.</summary>
/// <param name="Field">Path of the field that names it.</param>
/// <param name="Name">Name inside the model's folder.</param>
/// <param name="Sha256">Of the file; null if the manifest does not say.</param>
internal sealed record OtherFile(string Field, string Name, string? Sha256 = null)
{
    public static OtherFile Of(string field, ComponentFile file) => new(field, file.File, file.Sha256);
}
