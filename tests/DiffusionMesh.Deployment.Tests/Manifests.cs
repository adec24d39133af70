using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>What <c>kubectl kustomize</c> renders.</summary>
public sealed class Manifests
{
    private readonly IReadOnlyList<JsonNode> _documents;

    /// <summary>Of the base.</summary>
    public Manifests()
        : this("k8s/base")
    {
    }

    private Manifests(string folder) => _documents = KubectlFactAttribute.IsMissing ? [] : Render(folder);

    /// <param name="overlay">For example <c>gpu</c>.</param>
    public static Manifests OfOverlay(string overlay) => new($"k8s/overlays/{overlay}");

    public IEnumerable<JsonNode> All => _documents;

    public IEnumerable<JsonNode> OfKind(string kind) => _documents.Where(document => document["kind"].Text() == kind);

    internal static string Name(JsonNode document) => document["metadata"]!["name"].Text();

    /// <summary>The one container of a deployment.</summary>
    internal static JsonNode Container(JsonNode deployment) => Assert.Single(Pod(deployment)["containers"].Items());

    internal static JsonNode Pod(JsonNode deployment) => deployment["spec"]!["template"]!["spec"]!;

    private static IReadOnlyList<JsonNode> Render(string folder)
    {
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", Repository.PathOf(folder)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = kubectl.StandardError.ReadToEndAsync();
        var output = kubectl.StandardOutput.ReadToEnd();
        kubectl.WaitForExit();
        return kubectl.ExitCode == 0 ? Yaml.Documents(output) : throw new InvalidOperationException(error.Result);
    }
}
