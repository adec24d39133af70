using System.Diagnostics;
using System.Text.Json.Nodes;
using DiffusionMesh.Tests;
using Npgsql;
using static DiffusionMesh.Deployment.Tests.Manifests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>The database of the orchestrators, as the overlays have it.</summary>
public sealed class DatabaseTests
{
    private const string Database = "Orchestrator__Database";

    [KubectlTheory]
    [InlineData("local")]
    [InlineData("gpu")]
    public void Orchestrators_AreSeveralOverOneDatabaseAndNoVolume(string overlay)
    {
        var manifests = OfOverlay(overlay);
        var orchestrator = Orchestrator(manifests);
        var migrate = Migrate(orchestrator);

        Assert.True(orchestrator["spec"]!["replicas"]!.GetValue<int>() > 1);
        Assert.Equal(Container(orchestrator)["image"].Text(), migrate["image"].Text());
        Assert.Equal(ContainerEnvironment.Of(Container(orchestrator), manifests)[Database], ContainerEnvironment.Of(migrate, manifests)[Database]);
        Assert.Empty(manifests.OfKind("PersistentVolumeClaim"));
    }

    [KubectlFact]
    public void Local_ConnectsToTheDatabaseThatItMakes()
    {
        var manifests = OfOverlay("local");
        var server = Assert.Single(manifests.OfKind("StatefulSet"));
        var made = ContainerEnvironment.Of(Container(server), manifests);
        var connection = new NpgsqlConnectionStringBuilder(ContainerEnvironment.Of(Container(Orchestrator(manifests)), manifests)[Database]);

        Assert.Equal(
            (made["POSTGRES_DB"], made["POSTGRES_USER"], made["POSTGRES_PASSWORD"]),
            (connection.Database, connection.Username, connection.Password));
        var service = Assert.Single(manifests.OfKind("Service"), service => Name(service) == connection.Host);
        Assert.Equal((connection.Port, "postgresql"), (service["spec"]!["ports"]![0]!["port"]!.GetValue<int>(), service["spec"]!["ports"]![0]!["targetPort"].Text()));
        Assert.Equal(
            service["spec"]!["selector"]!["app.kubernetes.io/name"].Text(),
            server["spec"]!["template"]!["metadata"]!["labels"]!["app.kubernetes.io/name"].Text());
    }

    [KubectlFact]
    public void Local_KeepsTheDatabaseOnAVolume()
    {
        var server = Assert.Single(OfOverlay("local").OfKind("StatefulSet"));
        var claim = Assert.Single(server["spec"]!["volumeClaimTemplates"].Items());
        var folder = Container(server)["env"].Items().Single(entry => entry["name"].Text() == "PGDATA")["value"].Text();
        var mount = Assert.Single(Container(server)["volumeMounts"].Items(), mount => folder.StartsWith(mount["mountPath"].Text() + "/", StringComparison.Ordinal));

        Assert.Equal(Name(claim), mount["name"].Text());
        Assert.Equal(Pod(server)["securityContext"]!["runAsGroup"].Text(), Pod(server)["securityContext"]!["fsGroup"].Text());
    }

    [KubectlFact]
    public void NetworkPolicies_LetOrchestratorsAloneReachTheDatabase()
    {
        var local = OfOverlay("local");
        Assert.Equal([("orchestrator", "postgresql")], NetworkArrows.Ingress(local).Where(arrow => arrow.To == "postgresql"));
        Assert.Equal([("orchestrator", "postgresql")], NetworkArrows.Egress(local).Where(arrow => arrow.To == "postgresql"));

        // Elsewhere it is known by its addresses.
        var outside = from policy in OfOverlay("gpu").OfKind("NetworkPolicy")
                      from rule in policy["spec"]!["egress"].Items()
                      from peer in rule["to"].Items()
                      where peer["ipBlock"] is not null
                      select (policy["spec"]!["podSelector"]!["matchLabels"]!["app.kubernetes.io/name"].Text(), Assert.Single(rule["ports"].Items())["port"]!.GetValue<int>());
        Assert.Equal([("orchestrator", 5432)], outside);
    }

    [KubectlPostgresTheory]
    [InlineData("local")]
    [InlineData("gpu")]
    public async Task Migrate_AsThePodsDo_LetsTheirOrchestratorsStart(string overlay)
    {
        var manifests = OfOverlay(overlay);
        var orchestrator = Orchestrator(manifests);
        var database = await (await PostgresServer.Shared).CreateDatabaseAsync();
        using var security = new PodSecurity();
        var settings = Here(security.EnvironmentOf(orchestrator, manifests), database);
        settings.Remove("Security__HealthPort");
        var early = await Record.ExceptionAsync(() => StartAsync(settings));
        Assert.Contains("migrate", early!.Message, StringComparison.Ordinal);

        var pods = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync(Migrate(orchestrator), manifests, database)));

        Assert.All(pods, pod => Assert.Equal((0, ""), pod));
        await using var first = await StartAsync(settings);
        await using var second = await StartAsync(settings);
    }

    private static JsonNode Orchestrator(Manifests manifests) => manifests.OfKind("Deployment").Single(deployment => Name(deployment) == "orchestrator");

    private static JsonNode Migrate(JsonNode orchestrator) => Assert.Single(Pod(orchestrator)["initContainers"].Items());

    // As in the manifests, but for where the database is and for the collector, which is not there.
    private static Dictionary<string, string> Here(IReadOnlyDictionary<string, string> pod, string database)
    {
        var environment = pod.Where(variable => !variable.Key.StartsWith("OTEL_", StringComparison.Ordinal)).ToDictionary();
        var here = new NpgsqlConnectionStringBuilder(database);
        environment[Database] = new NpgsqlConnectionStringBuilder(environment[Database])
        {
            Host = here.Host,
            Database = here.Database,
            Username = here.Username,
        }.ConnectionString;
        return environment;
    }

    private static async Task<IAsyncDisposable> StartAsync(Dictionary<string, string> environment)
    {
        var app = DeployedHost.All["orchestrator"].Build(environment);
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    // The image's entry point with the container's arguments.
    private static async Task<(int ExitCode, string Error)> RunAsync(JsonNode container, Manifests manifests, string database)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, DeployedHost.All["orchestrator"].Project + ".dll"), .. container["args"].Items().Select(argument => argument.Text())])
        {
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Here(ContainerEnvironment.Of(container, manifests), database))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, error);
    }
}
