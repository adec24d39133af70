using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>What a container of the manifests finds in its environment.</summary>
internal static partial class ContainerEnvironment
{
    // Secrets that an administrator makes, as the comments in the manifests say.
    private static readonly Dictionary<string, string> MadeByHand = new()
    {
        ["orchestrator-database/connection"] = "Host=database.example;Database=searches;Username=orchestrator;Password=secret",
    };

    /// <summary>Values by their names: references to Secrets, to the pod's fields and to other variables are followed.</summary>
    public static IReadOnlyDictionary<string, string> Of(JsonNode container, Manifests manifests)
    {
        var environment = new Dictionary<string, string>();
        foreach (var entry in container["env"].Items())
        {
            environment[entry["name"].Text()] = (entry["valueFrom"]?["secretKeyRef"], entry["valueFrom"]?["fieldRef"]) switch
            {
                ({ } secret, _) => Secret(manifests, secret["name"].Text(), secret["key"].Text()),
                (_, { } field) => field["fieldPath"].Text(),
                _ => Variable().Replace(entry["value"].Text(), name => environment.GetValueOrDefault(name.Groups[1].Value, name.Value)),
            };
        }

        return environment;
    }

    /// <exception cref="InvalidOperationException">Nobody makes such a Secret.</exception>
    public static string Secret(Manifests manifests, string name, string key) =>
        manifests.OfKind("Secret").SingleOrDefault(secret => Manifests.Name(secret) == name) is { } made
            ? Encoding.UTF8.GetString(Convert.FromBase64String(made["data"]![key].Text()))
            : MadeByHand.GetValueOrDefault($"{name}/{key}") ?? throw new InvalidOperationException($"nobody makes the Secret {name} with {key}");

    [GeneratedRegex(@"\$\(([A-Za-z_]\w*)\)")]
    private static partial Regex Variable();
}
