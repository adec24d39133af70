using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using DiffusionMesh.Functional.Tests.Orchestrator;
using Grpc.Health.V1;

namespace DiffusionMesh.Functional.Tests.Fuzzing;

/// <summary>Bytes that are no HTTP, and HTTP that is no gRPC: the connection ends, the host does not.</summary>
public sealed class FrameFuzzTests : IAsyncLifetime
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private RunningHost _host = null!;

    public static TheoryData<string, byte[]> Frames => new()
    {
        { "nothing", [] },
        { "half a prefix", [0, 0] },
        { "a length that never comes", [0, 0, 0, 0xFF, 0xFF] },
        { "the greatest length", [0, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "compressed by nobody", [1, 0, 0, 0, 3, 1, 2, 3] },
        { "another flag", [2, 0, 0, 0, 0] },
        { "two messages", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "bytes after the message", [0, 0, 0, 0, 0, 9, 9, 9] },
    };

    public async Task InitializeAsync() => _host = await ScriptedServer.StartAsync(new ScriptedVerifier());

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(Frames))]
    public async Task Call_AFrameThatIsNone_IsAnswered(string name, byte[] body)
    {
        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler) { Timeout = Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Address, "diffusionmesh.verifier.v1.VerifierService/Score"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));

        using var response = await http.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();

        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing : response.Headers.GetValues("grpc-status");
        Assert.True(Assert.Single(status) != "0", $"{name} was taken for a request");
        await AssertLivesAsync();
    }

    [Fact]
    public async Task Connection_OfAnyBytes_IsClosed()
    {
        for (var round = 0; round < FuzzedHost.Rounds; round++)
        {
            var random = new Random(FuzzedHost.Seed + round);
            var bytes = new byte[random.Next(1, 4096)];
            random.NextBytes(bytes);
            using var client = new TcpClient();
            await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
            var stream = client.GetStream();
            using var limit = new CancellationTokenSource(Limit);
            try
            {
                if (round % 2 == 0)
                {
                    await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Preface), limit.Token);
                }

                await stream.WriteAsync(bytes, limit.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                while (await stream.ReadAsync(bytes, limit.Token) > 0)
                {
                }
            }
            catch (Exception reset) when (reset is IOException or SocketException)
            {
            }
        }

        await AssertLivesAsync();
    }

    private async Task AssertLivesAsync() =>
        await new Health.HealthClient(_host.Channel).CheckAsync(new HealthCheckRequest(), deadline: DateTime.UtcNow + Limit);
}
