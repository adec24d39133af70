using System.Text.Json.Nodes;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>Who may call whom, as the network policies say: deployments by their names, and clients.</summary>
internal static class NetworkArrows
{
    private const string NameLabel = "app.kubernetes.io/name";
    private const string ClientLabel = "diffusionmesh/client";

    /// <summary>What the called sides let in.</summary>
    public static IEnumerable<(string From, string To)> Ingress(Manifests manifests) =>
        from policy in manifests.OfKind("NetworkPolicy")
        from rule in policy["spec"]!["ingress"].Items()
        from peer in rule["from"].Items()
        where peer["podSelector"] is not null
        from caller in Names(peer["podSelector"]!)
        from called in Names(policy["spec"]!["podSelector"]!)
        select (caller, called);

    /// <summary>What the calling sides let out, names aside.</summary>
    public static IEnumerable<(string From, string To)> Egress(Manifests manifests) =>
        from policy in manifests.OfKind("NetworkPolicy")
        from rule in policy["spec"]!["egress"].Items()
        from peer in rule["to"].Items()
        where peer["podSelector"] is not null
        from caller in Names(policy["spec"]!["podSelector"]!)
        from called in Names(peer["podSelector"]!)
        select (caller, called);

    private static IEnumerable<string> Names(JsonNode selector) => selector switch
    {
        _ when selector["matchLabels"]?[NameLabel] is { } name => [name.Text()],
        _ when selector["matchLabels"]?[ClientLabel] is not null => ["client"],
        _ when selector["matchExpressions"] is { } expressions =>
            Assert.Single(expressions.Items(), expression => expression["key"].Text() == NameLabel)["values"].Items().Select(value => value.Text()),
        _ => ["diffusionmesh"],
    };
}
