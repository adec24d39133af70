using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class StatusTests
{
    public static TheoryData<StatusCode> Failures => [.. Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK)];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Call_WhenTheServerThrowsAStatus_EndsWithThatStatus(StatusCode code)
    {
        await using var host = await EchoHost.StartAsync(Throwing(new RpcException(new Status(code, "häßlich % 100"))));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client().UnaryAsync(new EchoRequest()));

        Assert.Equal((code, "häßlich % 100"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task Call_WhenTheServerThrowsAnythingElse_EndsUnknownWithoutItsDetail()
    {
        await using var host = await EchoHost.StartAsync(Throwing(new InvalidOperationException("secret")));

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await host.Client().UnaryAsync(new EchoRequest()));

        Assert.Equal(StatusCode.Unknown, failure.StatusCode);
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WhenTheHandlerSetsAStatus_EndsWithThatStatus()
    {
        await using var host = await EchoHost.StartAsync(new EchoHandlers
        {
            Repeat = (_, _, context) =>
            {
                context.Status = new Status(StatusCode.OutOfRange, "set");
                return Task.CompletedTask;
            },
        });
        using var call = host.Client().Repeat(new EchoRequest());

        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((StatusCode.OutOfRange, "set"), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal(StatusCode.OutOfRange, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Call_WhenTheServerThrowsWithTrailers_DeliversTextAndBinaryTrailers()
    {
        // google.rpc.Status travels in this key.
        byte[] details = [0, 255, 8, 13, 10, 128];
        var trailers = new Metadata { { "retry-pushback", "soon" }, { "grpc-status-details-bin", details } };
        await using var host = await EchoHost.StartAsync(Throwing(new RpcException(new Status(StatusCode.Aborted, ""), trailers)));

        using var call = host.Client().UnaryAsync(new EchoRequest());
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal("soon", failure.Trailers.GetValue("retry-pushback"));
        Assert.Equal(details, failure.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(details, call.GetTrailers().GetValueBytes("grpc-status-details-bin"));
    }

    [Fact]
    public async Task Call_ToAClosedPort_IsUnavailableAndRemembersWhy()
    {
        Echo.EchoClient client;
        await using (var host = await EchoHost.StartAsync(new EchoHandlers()))
        {
            client = new(Grpc.Net.Client.GrpcChannel.ForAddress(host.Address));
        }

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.UnaryAsync(new EchoRequest()));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.NotNull(failure.Status.DebugException);
        Assert.Same(failure.Status.DebugException, failure.InnerException);
    }

    private static EchoHandlers Throwing(Exception exception) => new() { Unary = (_, _) => throw exception };
}
