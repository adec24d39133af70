using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class HeaderTests
{
    [Fact]
    public async Task Metadata_InBothDirections_ArrivesInOrder()
    {
        Metadata? seen = null;
        await using var host = await EchoHost.StartAsync(new EchoHandlers
        {
            Unary = async (request, context) =>
            {
                seen = context.RequestHeaders;
                await context.WriteResponseHeadersAsync(new Metadata { { "head", "first" } });
                context.ResponseTrailers.Add("tail", "one");
                context.ResponseTrailers.Add("tail", "two");
                context.ResponseTrailers.Add("tail-bin", [1, 2, 3]);
                return EchoHandlers.Reply(request);
            },
        });
        var headers = new Metadata { { "X-Text", "value" }, { "x-bytes-bin", [9, 0, 9] } };

        using var call = host.Client().UnaryAsync(new EchoRequest(), headers);
        var responseHeaders = await call.ResponseHeadersAsync;
        await call;

        Assert.Equal("value", seen?.GetValue("x-text"));
        Assert.Equal([9, 0, 9], seen?.GetValueBytes("x-bytes-bin"));
        Assert.Equal("first", responseHeaders.GetValue("head"));
        Assert.Equal(["one", "two"], call.GetTrailers().GetAll("tail").Select(entry => entry.Value));
        Assert.Equal([1, 2, 3], call.GetTrailers().GetValueBytes("tail-bin"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ResponseHeaders_OfStreamingCall_ArriveBeforeTheFirstMessage()
    {
        var headersSeen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await EchoHost.StartAsync(new EchoHandlers
        {
            Repeat = async (request, replies, context) =>
            {
                await context.WriteResponseHeadersAsync([]);
                await headersSeen.Task;
                await replies.WriteAsync(EchoHandlers.Reply(request));
            },
        });

        using var call = host.Client().Repeat(new EchoRequest { Text = "late" });
        await call.ResponseHeadersAsync;
        headersSeen.SetResult();

        Assert.Equal(["late"], await CallKinds.TextsAsync(call.ResponseStream));
    }
}
