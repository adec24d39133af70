using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Tests;
using DiffusionMesh.Transport;
using Grpc.Core;

namespace DiffusionMesh.Cli.Tests.Mesh;

/// <summary>What a user reads whose command reaches no orchestrator, over real connections.</summary>
[Collection(nameof(MeshChannel))]
public sealed class UnreachableTests : IDisposable
{
    private const string StartOne = "dmesh up";

    // A server that refuses ends the connection at a moment that is never the same.
    private const int Attempts = 25;

    private readonly MeshTransport _before = MeshChannel.Transport;
    private readonly Authority _authority = new();
    private readonly Authority _other = new();
    private readonly IssuedCertificate _server;

    public UnreachableTests() => _server = _authority.Issue("127.0.0.1");

    private TransportSettings Trusting => new() { CaFile = _authority.Ca, Words = ConnectionOptions.Words };

    private string[] Mutual => [.. Authority.Serving(_server), $"--Tls:ClientCaFile={_authority.Ca}"];

    [Fact]
    public async Task Server_ThatAsksForACertificate_IsSaidToDoSo() =>
        await ExpectAsync(Mutual, Trusting, "https", "ended the connection: the server asks for a certificate: show one with --cert");

    [Fact]
    public async Task Certificate_OfTheClientThatHasExpired_IsNamed()
    {
        var expired = _authority.Issue("alice", daysAgo: 50);

        await ExpectAsync(Mutual, Showing(expired), "https", $"ended the connection: the certificate {expired.CertificateFile} that --cert names expired on ");
    }

    [Fact]
    public async Task Certificate_OfTheClientByAnotherAuthority_IsNamed()
    {
        var foreign = _other.Issue("alice");

        await ExpectAsync(Mutual, Showing(foreign), "https", $"ended the connection: the server may not believe the certificate {foreign.CertificateFile}");
    }

    [Fact]
    public async Task Certificate_OfTheServerThatHasExpired_IsSaidToHave() =>
        await ExpectAsync(Authority.Serving(_authority.Issue("127.0.0.1", daysAgo: 50)), Trusting, "https", "has not proven itself: its certificate expired on ");

    [Fact]
    public async Task Certificate_OfTheServerThatIsNotValidYet_IsSaidNotToBe() =>
        await ExpectAsync(Authority.Serving(_authority.Issue("127.0.0.1", daysAgo: -5)), Trusting, "https", "has not proven itself: its certificate is not valid before ");

    [Fact]
    public async Task Authority_ThatIsNotKnown_IsToBeNamedWithAnOption() =>
        await ExpectAsync(Authority.Serving(_server), Trusting with { CaFile = "" }, "https", "an authority that this machine does not know: name its certificate with --ca");

    [Fact]
    public async Task Authority_OtherThanTheNamedOne_IsSaidToBeAnother() =>
        await ExpectAsync(Authority.Serving(_server), Trusting with { CaFile = _other.Ca }, "https", "which is no authority of the file that --ca names");

    [Fact]
    public async Task Certificate_OfAnotherName_SaysWhichNamesItHas() =>
        await ExpectAsync(Authority.Serving(_authority.Issue("localhost")), Trusting, "https", "its certificate is for localhost, not for 127.0.0.1");

    [Fact]
    public async Task Port_InPlaintext_IsSaidNotToSpeakTls() =>
        await ExpectAsync([], Trusting, "https", "does not speak TLS", "http://");

    [Fact]
    public async Task Port_OfTls_IsSaidNotToSpeakPlaintext() =>
        await ExpectAsync(Authority.Serving(_server), Trusting, "http", "does not speak gRPC in plaintext", "https://");

    [Fact]
    public async Task Client_ThatProvesItself_IsAnswered()
    {
        await using var host = await TlsServer.StartAsync(Mutual);

        var failure = await FailureAsync($"https://127.0.0.1:{host.Port}", Showing(_authority.Issue("alice")));

        Assert.StartsWith("what answers at https://127.0.0.1", failure.Message, StringComparison.Ordinal);
        Assert.Null(MeshChannel.Transport.IdentityProblem());
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("https://127.0.0.1:{0}")]
    [InlineData("127.0.0.1:{0}")]
    [InlineData("dns:///localhost:{0}")]
    [InlineData("https://nowhere.invalid:{0}")]
    public async Task Address_WhereNobodyListens_SaysHowToStartAnOrchestrator(string address)
    {
        var target = string.Format(null, address, FreePorts.Take());

        var failure = await FailureAsync(target, Trusting);

        Assert.StartsWith($"no orchestrator answers at {target}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(StartOne, failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Orchestrator_ThatHasAnswered_IsNotExplained() =>
        Assert.Null(Unreachable.Explain(new RpcException(new Status(StatusCode.Unavailable, "the verifiers do not answer")), "http://127.0.0.1:1", true, MeshChannel.Transport));

    public void Dispose()
    {
        MeshChannel.Transport = _before;
        _authority.Dispose();
        _other.Dispose();
    }

    private TransportSettings Showing(IssuedCertificate certificate) => Trusting with { CertificateFile = certificate.CertificateFile, KeyFile = certificate.KeyFile };

    private static async Task ExpectAsync(string[] server, TransportSettings client, string scheme, params string[] says)
    {
        await using var host = await TlsServer.StartAsync(server);
        for (var i = 0; i < Attempts; i++)
        {
            var failure = await FailureAsync($"{scheme}://127.0.0.1:{host.Port}", client);

            Assert.All(says, text => Assert.Contains(text, $"{failure.Message}\n{failure.Remedy}", StringComparison.Ordinal));
            Assert.DoesNotContain(StartOne, failure.Remedy ?? "", StringComparison.Ordinal);
            Assert.Equal(ExitCode.Failed, failure.ExitCode);
        }
    }

    private static async Task<CommandFailure> FailureAsync(string target, TransportSettings settings)
    {
        MeshChannel.Transport = new MeshTransport(settings);
        using var channel = MeshChannel.Open(target);
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await new SearchService.SearchServiceClient(channel).DescribeMeshAsync(new DescribeMeshRequest(), deadline: DateTime.UtcNow.AddSeconds(60)));
        return Unreachable.Explain(error, target, remote: true, MeshChannel.Transport) ?? RpcFailures.Of(error);
    }
}
