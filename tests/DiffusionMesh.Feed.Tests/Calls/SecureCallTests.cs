using System.Security.Cryptography.X509Certificates;
using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class SecureCallTests
{
    [Fact]
    public async Task ComposedCredentials_OverTls_AddTheirHeadersToEveryCall()
    {
        var seen = new List<string?>();
        AuthInterceptorContext? asked = null;
        using var certificate = TestCertificate.Create("server.test");
        await using var host = await EchoHost.StartAsync(Observing(context => seen.Add(Headers(context))), certificate: certificate);
        var token = CallCredentials.FromInterceptor((context, metadata) =>
        {
            asked = context;
            metadata.Add("authorization", "Bearer channel");
            return Task.CompletedTask;
        });
        var tenant = CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("x-tenant", "call");
            return Task.CompletedTask;
        });
        var client = host.Client(Trusting(certificate, ChannelCredentials.Create(ChannelCredentials.SecureSsl, token)));

        await client.UnaryAsync(new EchoRequest());
        await client.UnaryAsync(new EchoRequest(), new CallOptions(credentials: tenant));
        await client.UnaryAsync(new EchoRequest(), new CallOptions(credentials: CallCredentials.Compose(tenant, tenant)));

        Assert.Equal(["Bearer channel ", "Bearer channel call", "Bearer channel call, call"], seen);
        Assert.Equal(("Unary", $"{host.Address}diffusionmesh.feedtest.v1.Echo"), (asked?.MethodName, asked?.ServiceUrl));
    }

    [Fact]
    public async Task CallCredentials_WhenTheyFail_FailTheCall()
    {
        using var certificate = TestCertificate.Create("server.test");
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful, certificate: certificate);
        var failing = CallCredentials.FromInterceptor((_, _) => throw new InvalidOperationException("no token"));
        var client = host.Client(Trusting(certificate, ChannelCredentials.Create(ChannelCredentials.SecureSsl, failing)));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.UnaryAsync(new EchoRequest()));

        Assert.IsType<InvalidOperationException>(failure.InnerException);
    }

    [Fact]
    public async Task AuthContext_OfClientWithCertificate_NamesTheClient()
    {
        AuthContext? seen = null;
        using var certificate = TestCertificate.Create("server.test");
        using var clientCertificate = TestCertificate.Create("client.test");
        await using var host = await EchoHost.StartAsync(Observing(context => seen = context.AuthContext), certificate: certificate);

        await host.Client(Trusting(certificate, ChannelCredentials.SecureSsl, clientCertificate)).UnaryAsync(new EchoRequest());

        Assert.True(seen?.IsPeerAuthenticated);
        Assert.Contains("client.test", seen!.PeerIdentity.Select(property => property.Value));
    }

    [Fact]
    public async Task AuthContext_OverPlainText_NamesNobody()
    {
        AuthContext? seen = null;
        await using var host = await EchoHost.StartAsync(Observing(context => seen = context.AuthContext));

        await host.Client().UnaryAsync(new EchoRequest());

        Assert.False(seen?.IsPeerAuthenticated);
        Assert.Empty(seen!.PeerIdentity);
    }

    private static string Headers(ServerCallContext context) =>
        $"{context.RequestHeaders.GetValue("authorization")} " +
        string.Join(',', context.RequestHeaders.GetAll("x-tenant").Select(entry => entry.Value));

    private static EchoHandlers Observing(Action<ServerCallContext> observe) => new()
    {
        Unary = (request, context) =>
        {
            observe(context);
            return Task.FromResult(EchoHandlers.Reply(request));
        },
    };

    private static GrpcChannelOptions Trusting(
        X509Certificate2 server, ChannelCredentials credentials, X509Certificate2? clientCertificate = null)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == server.GetCertHashString(),
                ClientCertificates = clientCertificate is null ? null : [clientCertificate],
            },
        };
        return new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true, Credentials = credentials };
    }
}
