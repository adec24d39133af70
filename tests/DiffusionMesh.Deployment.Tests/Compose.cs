using System.Text.Json.Nodes;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>docker-compose.yml.</summary>
internal static class Compose
{
    /// <summary>The whole file.</summary>
    public static JsonNode File { get; } = Assert.Single(Yaml.Documents(Repository.Read("docker-compose.yml")));

    public static JsonObject Services { get; } = File["services"]!.AsObject();

    /// <summary>The services that are built here: the hosts, and what is one of them under another name.</summary>
    public static IReadOnlyDictionary<string, JsonNode> Hosts { get; } =
        Services.Where(service => service.Value!["build"] is not null).ToDictionary(service => service.Key, service => service.Value!);
}
