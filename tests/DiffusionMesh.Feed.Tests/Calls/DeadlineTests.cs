using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class DeadlineTests
{
    // Only a broken build waits this long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(CallKinds.Names), MemberType = typeof(CallKinds))]
    public async Task Call_WhenItsDeadlinePasses_EndsWithDeadlineExceededOnBothSides(string kind)
    {
        var seenByServer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task<EchoReply> Hang(ServerCallContext context)
        {
            await Never(context.CancellationToken);
            seenByServer.SetResult();
            return new EchoReply();
        }

        await using var host = await EchoHost.StartAsync(new EchoHandlers
        {
            Unary = (_, context) => Hang(context),
            Collect = (_, context) => Hang(context),
            Repeat = (_, _, context) => Hang(context),
            Exchange = (_, _, context) => Hang(context),
        });
        var channel = host.Channel();
        await channel.ConnectAsync();
        var options = new CallOptions(deadline: DateTime.UtcNow.AddSeconds(10));

        var failure = await Assert.ThrowsAsync<RpcException>(() => CallKinds.CallAsync(kind, new Echo.EchoClient(channel), options));
        await seenByServer.Task.WaitAsync(Patience);

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public async Task ServerContext_OfCallWithDeadline_KnowsTheDeadline()
    {
        DateTime? seen = null;
        await using var host = await EchoHost.StartAsync(Observing(context => seen = context.Deadline));
        var deadline = DateTime.UtcNow.AddHours(1);

        await host.Client().UnaryAsync(new EchoRequest(), deadline: deadline);

        // The remaining time travels, not the instant: transport time is added.
        Assert.InRange(seen!.Value, deadline.AddMinutes(-5), deadline.AddMinutes(5));
    }

    [Fact]
    public async Task ServerContext_OfCallWithoutDeadline_NeverExpires()
    {
        DateTime? seen = null;
        await using var host = await EchoHost.StartAsync(Observing(context => seen = context.Deadline));

        await host.Client().UnaryAsync(new EchoRequest());

        Assert.Equal(DateTime.MaxValue, seen);
    }

    private static EchoHandlers Observing(Action<ServerCallContext> observe) => new()
    {
        Unary = (request, context) =>
        {
            observe(context);
            return Task.FromResult(EchoHandlers.Reply(request));
        },
    };

    private static Task Never(CancellationToken until)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        until.Register(cancelled.SetResult);
        return cancelled.Task;
    }
}
