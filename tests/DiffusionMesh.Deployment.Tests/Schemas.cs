using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>The published schemas of Kubernetes and KEDA, which npm packages carry.</summary>
internal static class Schemas
{
    public static bool AreMissing { get; } =
        !KubectlFactAttribute.IsInstalled("node") || !Directory.Exists(Repository.PathOf("node_modules/kubernetes-models"));

    /// <summary>What is wrong with documents; each line names the document and the field.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(IEnumerable<JsonNode> documents)
    {
        using var node = Process.Start(new ProcessStartInfo("node", [Repository.PathOf("tests/DiffusionMesh.Deployment.Tests/schemas.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(documents));
        node.StandardInput.Close();
        return JsonSerializer.Deserialize<string[]>(await node.StandardOutput.ReadToEndAsync())!;
    }
}
