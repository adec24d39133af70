using DiffusionMesh.Transport;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace DiffusionMesh.Functional.Tests;

/// <summary>A host as it is deployed, on a real Kestrel and a free loopback port, ready to serve.</summary>
public sealed class RunningHost : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private RunningHost(WebApplication app, TransportSettings transport)
    {
        App = app;
        var url = new Uri(app.Urls.Single().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal));
        Address = transport.CaFile.Length == 0 ? url : new Uri($"https://localhost:{url.Port}");
        Channel = Open(Address, transport);
    }

    public WebApplication App { get; }

    /// <summary>Where it listens, for example <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Address { get; }

    /// <summary>A channel without message limits: what is refused, the host refuses.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>Starts a host and waits till its health service reports that it is serving.</summary>
    /// <param name="build">For example <c>DenoiserHost.Build</c>.</param>
    /// <param name="args">Configuration as on the command line, for example <c>--Denoiser:Threads=1</c>.</param>
    public static Task<RunningHost> StartAsync(Func<string[], WebApplication> build, params string[] args) =>
        StartAsync(build, new TransportSettings(), args);

    /// <summary>The same for a host with TLS or tokens.</summary>
    public static async Task<RunningHost> StartAsync(Func<string[], WebApplication> build, TransportSettings transport, params string[] args)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var app = build(["--urls", "http://127.0.0.1:0", .. args]);
        try
        {
            await app.StartAsync(limit.Token);
            var host = new RunningHost(app, transport);
            await host.WaitUntilServingAsync(limit.Token);
            return host;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A channel without message limits, as a certain caller opens it.</summary>
    public static GrpcChannel Open(Uri address, TransportSettings transport)
    {
        var options = new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null, DisposeHttpClient = true };
        new MeshTransport(transport).Secure(address, new SocketsHttpHandler { EnableMultipleHttp2Connections = true }, options, withToken: true);
        return GrpcChannel.ForAddress(address, options);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }

    private async Task WaitUntilServingAsync(CancellationToken cancellationToken)
    {
        using var watch = new Health.HealthClient(Channel).Watch(new HealthCheckRequest(), cancellationToken: cancellationToken);
        await foreach (var health in watch.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (health.Status == ServingStatus.Serving)
            {
                return;
            }
        }

        throw new InvalidOperationException("The host stopped before it was ready.");
    }
}
