using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using DiffusionMesh.ServiceDefaults.Health;
using DiffusionMesh.Transport;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace DiffusionMesh.ServiceDefaults.Tests.Security;

public sealed class TlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _other = new();

    [Theory]
    [InlineData("https://localhost:{0}")]
    [InlineData("https://127.0.0.1:{0}")]
    [InlineData("dns:///localhost:{0}")]
    public async Task Call_ToATrustedHost_IsAnsweredOverTls(string address)
    {
        _authority.Issue("server");
        await using var host = await DefaultsHost.StartAsync(_authority.Serving("server"));

        using var calls = new SecureCalls(string.Format(null, address, host.Port), new TransportSettings { CaFile = _authority.CaFile });

        Assert.StartsWith("https://", host.App.Urls.Single(), StringComparison.Ordinal);
        Assert.Null(await calls.FailureAsync());
    }

    [Fact]
    public async Task Call_ToAHostOfAnotherAuthority_IsNotMade()
    {
        _other.Issue("server");
        await using var host = await DefaultsHost.StartAsync(_other.Serving("server"));

        using var calls = new SecureCalls($"https://localhost:{host.Port}", new TransportSettings { CaFile = _authority.CaFile });

        Assert.NotNull(await calls.FailureAsync());
    }

    [Fact]
    public async Task Call_ToAHostOfAnotherName_IsNotMade()
    {
        _authority.Issue("server");
        await using var host = await DefaultsHost.StartAsync(_authority.Serving("server"));

        using var calls = new SecureCalls($"https://127.0.0.2:{host.Port}", new TransportSettings { CaFile = _authority.CaFile });

        Assert.NotNull(await calls.FailureAsync());
    }

    [Fact]
    public async Task Call_ByAServerCertificateInAClientsPlace_IsRefused()
    {
        _authority.Issue("server");
        await using var host = await DefaultsHost.StartAsync([.. _authority.Serving("server"), $"--Tls:ClientCaFile={_authority.CaFile}"]);

        using var calls = Calls(host, _authority, "server");

        Assert.NotNull(await calls.FailureAsync());
    }

    [Fact]
    public async Task Call_WhereClientsMustProveThemselves_NeedsACertificateOfTheirAuthority()
    {
        _authority.Issue("server");
        _authority.Issue("client", forClients: true);
        _other.Issue("client", forClients: true);
        await using var host = await DefaultsHost.StartAsync([.. _authority.Serving("server"), $"--Tls:ClientCaFile={_authority.CaFile}"]);

        using var none = Calls(host, _authority, null);
        using var foreign = Calls(host, _other, "client");
        using var proven = Calls(host, _authority, "client");

        Assert.NotNull(await none.FailureAsync());
        Assert.NotNull(await foreign.FailureAsync());
        Assert.Null(await proven.FailureAsync());
    }

    [Fact]
    public async Task Certificate_SwappedAsKubernetesDoes_ServesNewConnectionsAndKeepsOpenCalls()
    {
        var first = _authority.Issue("v1/tls");
        var second = _authority.Issue("v2/tls");
        Link("..data", "v1");
        Link("tls.crt", "..data/tls.crt");
        Link("tls.key", "..data/tls.key");
        await using var host = await DefaultsHost.StartAsync(_authority.Serving("tls"));
        using var calls = Calls(host, _authority, null);
        using var watch = calls.Health.Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(first, await ShownAsync(host));

        File.Delete(_authority.PathOf("..data"));
        Link("..data", "v2");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await ShownAsync(host) != second)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        host.App.Services.GetRequiredService<ServiceHealth>().Set(ServiceHealth.Server, true);
        Assert.True(await watch.ResponseStream.MoveNext(limit.Token));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
        using var later = Calls(host, _authority, null);
        Assert.Null(await later.FailureAsync());
    }

    [Fact]
    public async Task Authority_OfClientsReplaced_HoldsForNewConnections()
    {
        _authority.Issue("server");
        _authority.Issue("client", forClients: true);
        _other.Issue("client", forClients: true);
        var trusted = _authority.PathOf("clients.pem");
        File.Copy(_authority.CaFile, trusted);
        await using var host = await DefaultsHost.StartAsync([.. _authority.Serving("server"), $"--Tls:ClientCaFile={trusted}"]);
        using var before = Calls(host, _authority, "client");
        Assert.Null(await before.FailureAsync());

        File.Copy(_other.CaFile, trusted, overwrite: true);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var now = Calls(host, _other, "client");
            if (await now.FailureAsync() is null)
            {
                break;
            }
        }

        using var old = Calls(host, _authority, "client");
        Assert.NotNull(await old.FailureAsync());
        Assert.Null(await before.FailureAsync());
    }

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    private SecureCalls Calls(DefaultsHost host, TestAuthority client, string? certificate) => new($"https://localhost:{host.Port}", new TransportSettings
    {
        CaFile = _authority.CaFile,
        CertificateFile = certificate is null ? "" : client.PathOf($"{certificate}.crt"),
        KeyFile = certificate is null ? "" : client.PathOf($"{certificate}.key"),
    });

    private void Link(string name, string target) => File.CreateSymbolicLink(_authority.PathOf(name), target);

    private static async Task<string> ShownAsync(DefaultsHost host)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", host.Port);
        // The system does not know the test's authority; the name has to be right.
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, errors) => errors == SslPolicyErrors.RemoteCertificateChainErrors);
        await tls.AuthenticateAsClientAsync("localhost");
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }
}
