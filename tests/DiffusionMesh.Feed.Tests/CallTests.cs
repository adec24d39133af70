using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DiffusionMesh.Feed.Tests;

public sealed class CallTests
{
    [Fact]
    public async Task UnaryCall_OverKestrel_AnswersTheRequest()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService<EchoService>();
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());

        var reply = await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest { Text = "hello" });

        Assert.Equal("hello", reply.Text);
    }
}
