using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class RetryTests
{
    [Fact]
    public async Task Call_WithRetryPolicy_IsRepeatedUntilItSucceeds()
    {
        var attempts = new List<string?>();
        await using var host = await EchoHost.StartAsync(FailingUntil(attempts, success: 3, StatusCode.Unavailable));

        var reply = await host.Client(Retrying(attempts: 4)).UnaryAsync(new EchoRequest { Text = "again" });

        Assert.Equal("again", reply.Text);
        Assert.Equal([null, "1", "2"], attempts);
    }

    [Fact]
    public async Task Call_WithRetryPolicy_GivesUpAfterItsAttempts()
    {
        var attempts = new List<string?>();
        await using var host = await EchoHost.StartAsync(FailingUntil(attempts, success: int.MaxValue, StatusCode.Unavailable));

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await host.Client(Retrying(attempts: 3)).UnaryAsync(new EchoRequest()));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(3, attempts.Count);
    }

    [Fact]
    public async Task Call_WithRetryPolicy_IsNotRepeatedAfterAnotherStatus()
    {
        var attempts = new List<string?>();
        await using var host = await EchoHost.StartAsync(FailingUntil(attempts, success: 2, StatusCode.InvalidArgument));

        await Assert.ThrowsAsync<RpcException>(async () => await host.Client(Retrying(attempts: 3)).UnaryAsync(new EchoRequest()));

        Assert.Single(attempts);
    }

    [Fact]
    public async Task Call_WithHedgingPolicy_TakesTheFirstAnswer()
    {
        var firstHangs = 0;
        await using var host = await EchoHost.StartAsync(new EchoHandlers
        {
            Unary = async (request, context) =>
            {
                if (Interlocked.Increment(ref firstHangs) == 1)
                {
                    var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    context.CancellationToken.Register(cancelled.SetResult);
                    await cancelled.Task;
                }

                return EchoHandlers.Reply(request);
            },
        });
        var hedging = new HedgingPolicy
        {
            MaxAttempts = 2,
            HedgingDelay = TimeSpan.FromMilliseconds(10),
            NonFatalStatusCodes = { StatusCode.Unavailable },
        };

        var reply = await host.Client(Options(new MethodConfig { HedgingPolicy = hedging })).UnaryAsync(new EchoRequest { Text = "second" });

        Assert.Equal(("second", 2), (reply.Text, firstHangs));
    }

    private static EchoHandlers FailingUntil(List<string?> attempts, int success, StatusCode code) => new()
    {
        Unary = (request, context) =>
        {
            attempts.Add(context.RequestHeaders.GetValue("grpc-previous-rpc-attempts"));
            return attempts.Count < success
                ? throw new RpcException(new Status(code, "not yet"))
                : Task.FromResult(EchoHandlers.Reply(request));
        },
    };

    private static GrpcChannelOptions Retrying(int attempts) => Options(new MethodConfig
    {
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = attempts,
            InitialBackoff = TimeSpan.FromMilliseconds(1),
            MaxBackoff = TimeSpan.FromMilliseconds(2),
            BackoffMultiplier = 1,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    });

    private static GrpcChannelOptions Options(MethodConfig method)
    {
        method.Names.Add(MethodName.Default);
        return new GrpcChannelOptions { ServiceConfig = new ServiceConfig { MethodConfigs = { method } } };
    }
}
