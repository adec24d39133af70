using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Tests;
using DiffusionMesh.Transport;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using static DiffusionMesh.Deployment.Tests.Manifests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>Mutual TLS and tokens as the overlay gpu has them.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly PodSecurity _security = new();

    [KubectlFact]
    public void Hosts_HaveCertificatesOfTheirOwnAndNoPlaintext()
    {
        var manifests = OfOverlay("gpu");
        foreach (var deployment in manifests.OfKind("Deployment").Where(deployment => DeployedHost.All.ContainsKey(Name(deployment))))
        {
            var environment = _security.EnvironmentOf(deployment, manifests);

            Assert.DoesNotContain("Security__AllowPlaintext", environment.Keys);
            Assert.Equal(Name(deployment) == "orchestrator", environment.ContainsKey("Security__TokenFile"));
            Assert.All(
                environment.Where(variable => variable.Key.StartsWith("Tls__", StringComparison.Ordinal) || variable.Key.EndsWith("File", StringComparison.Ordinal)),
                variable => Assert.True(File.Exists(variable.Value), $"{Name(deployment)}: nothing mounts {variable.Key}"));
            Assert.Equal(environment["Tls__CaFile"], environment["Tls__ClientCaFile"]);

            var health = Assert.Single(Container(deployment)["ports"].Items(), port => port["name"].Text() == "health")["containerPort"].Text();
            Assert.Equal(environment["Security__HealthPort"], health);
            Assert.All(
                ["startupProbe", "readinessProbe", "livenessProbe"],
                probe => Assert.Equal(health, Container(deployment)[probe]!["grpc"]!["port"].Text()));
        }
    }

    [KubectlFact]
    public async Task Verifier_AnswersProbesInPlaintextAndOrchestratorsByCertificateAndToken()
    {
        var manifests = OfOverlay("gpu");
        var verifier = manifests.OfKind("Deployment").Single(deployment => Name(deployment) == "verifier-clip");
        var caller = _security.EnvironmentOf(manifests.OfKind("Deployment").Single(deployment => Name(deployment) == "orchestrator"), manifests);
        var asOrchestrator = new TransportSettings
        {
            CaFile = caller["Tls__CaFile"],
            CertificateFile = caller["Tls__CertificateFile"],
            KeyFile = caller["Tls__KeyFile"],
            TokenFile = caller["Security__TokenFile"],
        };
        var environment = _security.EnvironmentOf(verifier, manifests)
            .Where(variable => !variable.Key.StartsWith("OTEL_", StringComparison.Ordinal)).ToDictionary();
        var healthPort = FreePorts.Take();
        environment["Security__HealthPort"] = $"{healthPort}";
        await using var app = DeployedHost.All["verifier-clip"].Build(environment);
        await app.StartAsync();
        var port = app.Urls.Select(url => new Uri(url).Port).Single(port => port != healthPort);

        var probe = await CallAsync($"http://127.0.0.1:{healthPort}", new TransportSettings(), async calls =>
        {
            using var watch = new Health.HealthClient(calls).Watch(
                new HealthCheckRequest { Service = Container(verifier)["readinessProbe"]!["grpc"]!["service"].Text() });
            await watch.ResponseStream.ReadAllAsync().FirstAsync(answer => answer.Status == HealthCheckResponse.Types.ServingStatus.Serving);
        });
        Assert.Equal(StatusCode.OK, probe);
        Assert.Equal(StatusCode.PermissionDenied, await CallAsync($"http://127.0.0.1:{healthPort}", new TransportSettings(), DescribeAsync));

        Assert.Equal(StatusCode.OK, await CallAsync($"https://127.0.0.1:{port}", asOrchestrator, DescribeAsync));
        Assert.Equal(StatusCode.Unauthenticated, await CallAsync($"https://127.0.0.1:{port}", asOrchestrator with { TokenFile = "" }, DescribeAsync));

        // These do not get as far as an answer.
        StatusCode[] broken = [StatusCode.Unavailable, StatusCode.Internal];
        Assert.Contains(await CallAsync($"https://127.0.0.1:{port}", asOrchestrator with { CertificateFile = "", KeyFile = "" }, DescribeAsync), broken);
        Assert.Contains(await CallAsync($"http://127.0.0.1:{port}", new TransportSettings(), DescribeAsync), broken);
    }

    public void Dispose() => _security.Dispose();

    private static async Task DescribeAsync(CallInvoker calls) =>
        await new VerifierService.VerifierServiceClient(calls).DescribeAsync(new DescribeRequest());

    private static async Task<StatusCode> CallAsync(string address, TransportSettings settings, Func<CallInvoker, Task> call)
    {
        var handler = new SocketsHttpHandler();
        var options = new GrpcChannelOptions { DisposeHttpClient = true };
        new MeshTransport(settings).Secure(new Uri(address), handler, options, withToken: true);
        using var channel = GrpcChannel.ForAddress(address, options);
        try
        {
            await call(channel.CreateCallInvoker());
            return StatusCode.OK;
        }
        catch (RpcException error)
        {
            return error.StatusCode;
        }
    }
}
