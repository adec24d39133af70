using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;

namespace DiffusionMesh.Deployment.Tests;

public sealed class ComposeTests
{
    private const string Migrate = "migrate";

    private static readonly string[] Orchestrators = ["orchestrator", "orchestrator-2"];

    public static TheoryData<string> HostNames => [.. Compose.Hosts.Keys];

    [Fact]
    public void Hosts_AreAllOfThem() =>
        Assert.Equal(DeployedHost.All.Keys.Union(Orchestrators).Append(Migrate).Order(), Compose.Hosts.Keys.Order());

    [Theory]
    [MemberData(nameof(HostNames))]
    public void Project_IsTheHostsOwn(string name) =>
        Assert.Equal(Host(name).Project, Compose.Hosts[name]["build"]!["args"]!["PROJECT"].Text());

    [Theory]
    [MemberData(nameof(HostNames))]
    public async Task Environment_IsReadAndAcceptedByTheHost(string name)
    {
        var environment = Compose.Hosts[name]["environment"]!.AsObject().ToDictionary(entry => entry.Key, entry => entry.Value.Text());

        Assert.All(environment.Keys, variable => Assert.True(Host(name).Reads(variable), $"{name} does not read {variable}"));
        await Host(name).ValidateAsync(environment);
    }

    [Theory]
    [MemberData(nameof(HostNames))]
    public async Task GracePeriod_IsLongerThanTheHostTakesToStop(string name)
    {
        var seconds = int.Parse(Compose.Hosts[name]["stop_grace_period"].Text().TrimEnd('s'), CultureInfo.InvariantCulture);

        Assert.True(TimeSpan.FromSeconds(seconds) > await Host(name).StopsWithinAsync(), name);
    }

    [Fact]
    public void Ports_LeadToThePortOfTheImage()
    {
        var ports = Compose.Hosts.Where(host => host.Key != Migrate).Select(host => Assert.Single(host.Value["ports"].Items()).Text()).ToArray();

        Assert.All(ports, port => Assert.Matches($"^127[.]0[.]0[.]1:510[0-9]:{Dockerfile.Port}$", port));
        Assert.Distinct(ports);
    }

    [Fact]
    public void Orchestrators_ShareTheDatabaseOfThisFile()
    {
        var databases = Orchestrators.Append(Migrate).Select(name => Compose.Hosts[name]["environment"]!["Orchestrator__Database"].Text());
        var connection = new NpgsqlConnectionStringBuilder(Assert.Single(databases.Distinct()));
        var made = Compose.Services[connection.Host!]!["environment"]!;

        Assert.Equal(
            (made["POSTGRES_DB"].Text(), made["POSTGRES_USER"].Text(), made["POSTGRES_PASSWORD"].Text(), 5432),
            (connection.Database, connection.Username, connection.Password, connection.Port));
    }

    [Fact]
    public void Orchestrators_StartOnceTheTablesAreThere()
    {
        Assert.All(Orchestrators, name => Assert.Equal("service_completed_successfully", Compose.Hosts[name]["depends_on"]![Migrate]!["condition"].Text()));
        Assert.Equal("service_healthy", Compose.Hosts[Migrate]["depends_on"]!["postgresql"]!["condition"].Text());
        Assert.NotNull(Compose.Services["postgresql"]!["healthcheck"]);
        Assert.Equal(["migrate"], Compose.Hosts[Migrate]["command"].Items().Select(argument => argument.Text()));
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

    private static DeployedHost Host(string service) =>
        DeployedHost.All[service == Migrate || Orchestrators.Contains(service) ? "orchestrator" : service];

    private static JsonNode CollectorConfiguration() =>
        Assert.Single(Yaml.Documents(Compose.File["configs"]!["otel-collector"]!["content"].Text()));

    private static string CollectorPort() => CollectorConfiguration()["receivers"]!["otlp"]!["protocols"]!["grpc"]!["endpoint"].Text().Split(':')[1];
}
