using DiffusionMesh.Transport;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using HealthProbe = Grpc.Health.V1.Health.HealthClient;

namespace DiffusionMesh.ServiceDefaults.Tests.Security;

/// <summary>A client as services are: it reaches a host by <see cref="MeshTransport"/>.</summary>
internal sealed class SecureCalls : IDisposable
{
    private readonly GrpcChannel _channel;

    public SecureCalls(string address, TransportSettings settings)
    {
        var uri = new Uri(address);
        var handler = new SocketsHttpHandler();
        var options = new GrpcChannelOptions { DisposeHttpClient = true };
        new MeshTransport(settings).Secure(uri, handler, options, withToken: true);
        _channel = GrpcChannel.ForAddress(uri, options);
        Calls = _channel.CreateCallInvoker();
    }

    public CallInvoker Calls { get; }

    public HealthProbe Health => new(Calls);

    /// <summary>Null if a call goes through, else how it fails.</summary>
    public async Task<RpcException?> FailureAsync()
    {
        try
        {
            await Health.CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow.AddMinutes(2));
            return null;
        }
        catch (RpcException error)
        {
            return error;
        }
    }

    public void Dispose() => _channel.Dispose();
}
