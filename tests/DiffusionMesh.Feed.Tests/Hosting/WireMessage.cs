using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using DiffusionMesh.Feed.Tests.Protos;
using Google.Protobuf;

namespace DiffusionMesh.Feed.Tests.Hosting;

/// <summary>A response as it crosses the wire: one flag byte, four of length, then the message, compressed if the flag says so.</summary>
internal sealed record WireMessage(string? Encoding, bool IsCompressed, byte[] Payload)
{
    private const int PrefixLength = 5;

    /// <summary>Makes a unary call with nothing but an HTTP client.</summary>
    public static async Task<WireMessage> CallUnaryAsync(EchoHost host, EchoRequest message, string acceptEncoding)
    {
        var body = new byte[PrefixLength + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), message.CalculateSize());
        message.WriteTo(body.AsSpan(PrefixLength));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/diffusionmesh.feedtest.v1.Echo/Unary"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
            Headers = { { "te", "trailers" }, { "grpc-accept-encoding", acceptEncoding } },
        };

        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        var payload = answer[PrefixLength..];
        Assert.Equal(payload.Length, BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(1)));
        return new WireMessage(
            response.Headers.TryGetValues("grpc-encoding", out var values) ? values.Single() : null, answer[0] == 1, payload);
    }
}
