using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class CallTests
{
    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task Call_OverKestrel_DeliversEveryMessage(string kind)
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);

        Assert.Equal(CallKinds.Expected(kind), await CallKinds.CallAsync(kind, host.Client()));
    }

    [Theory]
    [InlineData("AsyncUnary")]
    [InlineData("ServerStreaming")]
    public async Task Call_OfMethodWithoutHandler_IsUnimplemented(string kind)
    {
        await using var host = await EchoHost.StartAsync(new EchoHandlers());

        var failure = await Assert.ThrowsAsync<RpcException>(() => CallKinds.CallAsync(kind, host.Client()));

        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    [Fact]
    public async Task DuplexCall_WhenTheClientWaitsForEachAnswer_InterleavesTheStreams()
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);
        using var call = host.Client().Exchange();

        foreach (var text in new[] { "one", "two", "three" })
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task StreamWrite_WithCancelledToken_IsCancelled()
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);
        using var call = host.Client().Collect();
        IAsyncStreamWriter<EchoRequest> writer = call.RequestStream;

        await Assert.ThrowsAnyAsync<Exception>(() => writer.WriteAsync(new EchoRequest(), new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Call_WithTextLargerThanOneFrame_ArrivesWhole()
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful);
        var text = new string('x', 1 << 20);

        var reply = await host.Client().UnaryAsync(new EchoRequest { Text = text });

        Assert.Equal(text, reply.Text);
    }

    [Fact]
    public async Task ServerContext_DuringACall_DescribesIt()
    {
        (string Method, string Host, string Peer)? seen = null;
        await using var host = await EchoHost.StartAsync(new EchoHandlers
        {
            Unary = (request, context) =>
            {
                seen = (context.Method, context.Host, context.Peer);
                return Task.FromResult(EchoHandlers.Reply(request));
            },
        });

        await host.Client().UnaryAsync(new EchoRequest());

        Assert.Equal("/diffusionmesh.feedtest.v1.Echo/Unary", seen?.Method);
        Assert.Equal(host.Address.Authority, seen?.Host);
        Assert.StartsWith("ipv4:127.0.0.1:", seen?.Peer, StringComparison.Ordinal);
    }
}
