using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Hosting;

/// <summary>What a test wants the server to do. Methods that it does not name answer UNIMPLEMENTED.</summary>
internal sealed record EchoHandlers
{
    public UnaryServerMethod<EchoRequest, EchoReply>? Unary { get; init; }

    public ClientStreamingServerMethod<EchoRequest, EchoReply>? Collect { get; init; }

    public ServerStreamingServerMethod<EchoRequest, EchoReply>? Repeat { get; init; }

    public DuplexStreamingServerMethod<EchoRequest, EchoReply>? Exchange { get; init; }

    /// <summary>Each method does what its name says.</summary>
    public static EchoHandlers Faithful { get; } = new()
    {
        Unary = (request, _) => Task.FromResult(Reply(request)),
        Collect = async (requests, context) =>
        {
            var texts = new List<string>();
            await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
            {
                texts.Add(request.Text);
            }

            return new EchoReply { Text = string.Join(' ', texts) };
        },
        Repeat = async (request, replies, context) =>
        {
            for (var sent = 0; sent < request.Count; sent++)
            {
                await replies.WriteAsync(Reply(request), context.CancellationToken);
            }
        },
        Exchange = async (requests, replies, context) =>
        {
            await foreach (var request in requests.ReadAllAsync(context.CancellationToken))
            {
                await replies.WriteAsync(Reply(request), context.CancellationToken);
            }
        },
    };

    public static EchoReply Reply(EchoRequest request) => new() { Text = request.Text };
}
