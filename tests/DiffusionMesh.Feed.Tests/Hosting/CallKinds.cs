using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Hosting;

/// <summary>One complete call of every kind that a client has, each returning the texts it got back.</summary>
internal static class CallKinds
{
    private static readonly Dictionary<string, Func<Echo.EchoClient, CallOptions, Task<string[]>>> Calls = new()
    {
        ["BlockingUnary"] = (client, options) => Task.Run(() => new[] { client.Unary(new EchoRequest { Text = "a" }, options).Text }),
        ["AsyncUnary"] = async (client, options) => [(await client.UnaryAsync(new EchoRequest { Text = "a" }, options)).Text],
        ["ClientStreaming"] = async (client, options) =>
        {
            using var call = client.Collect(options);
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "a" });
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "b" });
            await call.RequestStream.CompleteAsync();
            return [(await call).Text];
        },
        ["ServerStreaming"] = async (client, options) =>
        {
            using var call = client.Repeat(new EchoRequest { Text = "a", Count = 3 }, options);
            return await TextsAsync(call.ResponseStream);
        },
        ["DuplexStreaming"] = async (client, options) =>
        {
            using var call = client.Exchange(options);
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "a" });
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "b" });
            await call.RequestStream.CompleteAsync();
            return await TextsAsync(call.ResponseStream);
        },
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    /// <summary>What the faithful service answers to <see cref="CallAsync"/>.</summary>
    public static string[] Expected(string kind) => kind switch
    {
        "BlockingUnary" or "AsyncUnary" => ["a"],
        "ClientStreaming" => ["a b"],
        "ServerStreaming" => ["a", "a", "a"],
        _ => ["a", "b"],
    };

    public static Task<string[]> CallAsync(string kind, Echo.EchoClient client, CallOptions options = default) => Calls[kind](client, options);

    public static async Task<string[]> TextsAsync(IAsyncStreamReader<EchoReply> replies)
    {
        var texts = new List<string>();
        await foreach (var reply in replies.ReadAllAsync())
        {
            texts.Add(reply.Text);
        }

        return [.. texts];
    }
}
