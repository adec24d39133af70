using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class CancellationTests
{
    // Only a broken build waits this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task Call_WhenItsTokenIsCancelled_EndsCancelledOnBothSides(string kind)
    {
        var server = new HangingServer();
        await using var host = await EchoHost.StartAsync(server.Handlers);
        using var cancellation = new CancellationTokenSource();

        var call = CallKinds.CallAsync(kind, host.Client(), new CallOptions(cancellationToken: cancellation.Token));
        await server.Started;
        await cancellation.CancelAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(() => call);
        await server.Cancelled;
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task Call_WhenDisposedBeforeItsEnd_IsCancelledAtTheServer()
    {
        var server = new HangingServer();
        await using var host = await EchoHost.StartAsync(server.Handlers);

        var call = host.Client().UnaryAsync(new EchoRequest());
        await server.Started;
        call.Dispose();

        await server.Cancelled;
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
    }

    [Fact]
    public async Task Call_BeforeItsEnd_HasNeitherStatusNorTrailers()
    {
        var server = new HangingServer();
        await using var host = await EchoHost.StartAsync(server.Handlers);

        using var call = host.Client().UnaryAsync(new EchoRequest());
        await server.Started;

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }

    private sealed class HangingServer
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task.WaitAsync(Patience);

        public Task Cancelled => _cancelled.Task.WaitAsync(Patience);

        public EchoHandlers Handlers => new()
        {
            Unary = (_, context) => HangAsync(context),
            Collect = (_, context) => HangAsync(context),
            Repeat = (_, _, context) => HangAsync(context),
            Exchange = (_, _, context) => HangAsync(context),
        };

        private async Task<EchoReply> HangAsync(ServerCallContext context)
        {
            context.CancellationToken.Register(_cancelled.SetResult);
            _started.SetResult();
            await Cancelled;
            return new EchoReply();
        }
    }
}
