using System.Text.Json.Nodes;

namespace DiffusionMesh.Deployment.Tests;

public sealed class ComposeTests
{
    public static TheoryData<string> HostNames => [.. DeployedHost.All.Keys];

    [Fact]
    public void Hosts_AreAllOfThem() => Assert.Equal(DeployedHost.All.Keys.Order(), Compose.Hosts.Keys.Order());

    [Theory]
    [MemberData(nameof(HostNames))]
    public void Project_IsTheHostsOwn(string name) =>
        Assert.Equal(DeployedHost.All[name].Project, Compose.Hosts[name]["build"]!["args"]!["PROJECT"].Text());

    [Theory]
    [MemberData(nameof(HostNames))]
    public async Task Environment_IsReadAndAcceptedByTheHost(string name)
    {
        var environment = Compose.Hosts[name]["environment"]!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value.Text());

        Assert.All(environment.Keys, variable => Assert.True(DeployedHost.All[name].Reads(variable), $"{name} does not read {variable}"));
        await DeployedHost.All[name].ValidateAsync(environment);
    }

    [Theory]
    [MemberData(nameof(HostNames))]
    public void Ports_LeadToThePortOfTheImage(string name)
    {
        var port = Assert.Single(Compose.Hosts[name]["ports"].Items()).Text();

        Assert.Matches($"^510[0-9]:{Dockerfile.Port}$", port);
    }

    [Fact]
    public void Addresses_NameServicesOfThisFile()
    {
        var uris = Compose.Hosts.Values
            .SelectMany(host => host["environment"]!.AsObject())
            .Select(entry => entry.Value.Text())
            .Where(value => value.Contains(':'))
            .Select(value => new Uri(value))
            .ToArray();

        Assert.Contains(uris, uri => uri.Scheme == "dns");
        Assert.All(uris, uri =>
        {
            var (host, port) = uri.Scheme == "dns"
                ? (uri.AbsolutePath.Trim('/').Split(':')[0], uri.AbsolutePath.Split(':')[1])
                : (uri.Host, $"{uri.Port}");
            Assert.Contains(host, Compose.Services.Select(service => service.Key));
            Assert.Equal(Compose.Hosts.ContainsKey(host) ? Dockerfile.Port : CollectorPort(), port);
        });
    }

    [Fact]
    public void Collector_HandsTracesToTheJaegerOfThisFile()
    {
        var collector = Compose.Services["otel-collector"]!;
        var mount = Assert.Single(collector["configs"].Items());
        var endpoint = CollectorConfiguration()["exporters"]!["otlp/jaeger"]!["endpoint"].Text();

        Assert.Equal("otel-collector", mount["source"].Text());
        Assert.Equal($"--config={mount["target"].Text()}", Assert.Single(collector["command"].Items()).Text());
        Assert.Contains(endpoint.Split(':')[0], Compose.Services.Select(service => service.Key));
    }

    [Fact]
    public void Collector_PipelinesUseWhatIsDefined()
    {
        var configuration = CollectorConfiguration();
        foreach (var (_, pipeline) in configuration["service"]!["pipelines"]!.AsObject())
        {
            foreach (var part in new[] { "receivers", "processors", "exporters" })
            {
                Assert.All(pipeline![part].Items(), name => Assert.True(configuration[part]!.AsObject().ContainsKey(name.Text()), name.Text()));
            }
        }
    }

    [Theory]
    [MemberData(nameof(HostNames))]
    public void Hosts_RunWithTheLeastRights(string name)
    {
        var host = Compose.Hosts[name];

        Assert.True(host["read_only"]!.GetValue<bool>());
        Assert.Equal("/tmp", Assert.Single(host["tmpfs"].Items()).Text());
        Assert.Equal("ALL", Assert.Single(host["cap_drop"].Items()).Text());
    }

    private static JsonNode CollectorConfiguration() =>
        Assert.Single(Yaml.Documents(Compose.File["configs"]!["otel-collector"]!["content"].Text()));

    private static string CollectorPort() => CollectorConfiguration()["receivers"]!["otlp"]!["protocols"]!["grpc"]!["endpoint"].Text().Split(':')[1];
}
