using System.IO.Compression;
using DiffusionMesh.Feed.Tests.Hosting;
using DiffusionMesh.Feed.Tests.Protos;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;

namespace DiffusionMesh.Feed.Tests.Calls;

public sealed class CompressionTests
{
    private const int Length = 100_000;

    private static readonly ICompressionProvider[] Providers =
    [
        new GzipCompressionProvider(CompressionLevel.Fastest),
        new DeflateCompressionProvider(CompressionLevel.Fastest),
    ];

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Response_WhenTheServerCompresses_ShrinksOnTheWire(string encoding)
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful, options => Compress(options, encoding));

        var message = await WireMessage.CallUnaryAsync(host, Request(), encoding);

        Assert.Equal((encoding, true), (message.Encoding, message.IsCompressed));
        Assert.InRange(message.Payload.Length, 1, Length / 10);
        var compressed = new MemoryStream(message.Payload);
        using Stream plain = encoding == "gzip"
            ? new GZipStream(compressed, CompressionMode.Decompress)
            : new ZLibStream(compressed, CompressionMode.Decompress);
        Assert.Equal(Request().Text, EchoReply.Parser.ParseFrom(plain).Text);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Response_WhenTheServerCompresses_ArrivesWhole(string encoding)
    {
        await using var host = await EchoHost.StartAsync(EchoHandlers.Faithful, options => Compress(options, encoding));

        var reply = await Client(host).UnaryAsync(Request());

        Assert.Equal(Request().Text, reply.Text);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Request_WhenTheClientCompresses_ArrivesWhole(string encoding)
    {
        string? seen = null;
        var handlers = new EchoHandlers
        {
            Unary = (request, context) =>
            {
                seen = context.GetHttpContext().Request.Headers["grpc-encoding"];
                return Task.FromResult(EchoHandlers.Reply(request));
            },
        };
        await using var host = await EchoHost.StartAsync(handlers, options => options.CompressionProviders = Providers);
        var headers = new Metadata { { "grpc-internal-encoding-request", encoding } };

        var reply = await Client(host).UnaryAsync(Request(), headers);

        Assert.Equal(Request().Text, reply.Text);
        Assert.Equal(encoding, seen);
    }

    [Fact]
    public async Task Response_WrittenWithNoCompress_IsSentAsItIs()
    {
        var handlers = new EchoHandlers
        {
            Unary = (request, context) =>
            {
                context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
                return Task.FromResult(EchoHandlers.Reply(request));
            },
        };
        await using var host = await EchoHost.StartAsync(handlers, options => Compress(options, "gzip"));

        var message = await WireMessage.CallUnaryAsync(host, Request(), "gzip");

        Assert.False(message.IsCompressed);
        Assert.Equal(Request().Text, EchoReply.Parser.ParseFrom(message.Payload).Text);
    }

    private static EchoRequest Request() => new() { Text = new string('z', Length) };

    private static Echo.EchoClient Client(EchoHost host) => host.Client(new GrpcChannelOptions { CompressionProviders = Providers });

    private static void Compress(GrpcServiceOptions options, string encoding)
    {
        options.CompressionProviders = Providers;
        options.ResponseCompressionAlgorithm = encoding;
        options.ResponseCompressionLevel = CompressionLevel.Fastest;
    }
}
