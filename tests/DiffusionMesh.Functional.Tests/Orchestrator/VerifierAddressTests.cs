using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Transport;
using Grpc.Core;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

public sealed class VerifierAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5200", true)]
    [InlineData("dns:///localhost:5200", true)]
    [InlineData("https://a.verifiers.example:8443", true)]
    [InlineData("dns:///verifier-mine:8080", true)]
    [InlineData("https://verifiers.example:8443", false)]
    [InlineData("https://evil.example/.verifiers.example:8443", false)]
    [InlineData("https://evil.example#.verifiers.example:8443", false)]
    [InlineData("https://u@evil.example:1?.verifiers.example:8443", false)]
    [InlineData("https://a.b:1@c.verifiers.example:8443", false)]
    [InlineData("static:///127.0.0.1:1,evil.example:2", false)]
    [InlineData("http://169.254.169.254:80", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Refusal_Address_FollowsTheAllowList(string address, bool isAllowed)
    {
        var options = new OrchestratorOptions { VerifierAddresses = { "https://*.verifiers.example:8443", "dns:///verifier-*:8080" } };
        Assert.Equal(isAllowed, Refusal(options, address, listening: "http://127.0.0.1:5100", allowPlaintext: true) is null);
    }

    [Fact]
    public void Refusal_AllowedAddressInPlaintext_NamesTheSetting()
    {
        var options = new OrchestratorOptions { VerifierAddresses = { "dns:///verifier-*:8080" } };

        var refusal = Refusal(options, "dns:///verifier-a:8080", listening: "http://127.0.0.1:5100");

        Assert.Contains("Security:AllowPlaintext", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5100", true)]
    [InlineData("https://[::1]:5100", true)]
    [InlineData("http://localhost:5100", true)]
    [InlineData("http://[::]:8080", false)]
    [InlineData("http://0.0.0.0:8080", false)]
    [InlineData("http://*:8080", false)]
    [InlineData("http://10.1.2.3:8080", false)]
    public void Refusal_LoopbackAddress_IsAllowedOnlyWhereCallersAreOnThisMachine(string listening, bool isAllowed) =>
        Assert.Equal(isAllowed, Refusal(new OrchestratorOptions(), "http://127.0.0.1:5200", listening) is null);

    [Fact]
    public async Task Create_AnAddressThatIsNotAllowed_IsRefusedByItsField()
    {
        await using var mesh = await OrchestratorMesh.StartAsync(new ScriptedDenoiser(), new ScriptedVerifier());

        var error = await Assert.ThrowsAsync<RpcException>(
            () => mesh.CreateAsync(OrchestratorMesh.Spec(new VerifierSelection { Name = "mine", Address = "http://192.0.2.1:5200" })));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("spec.verifiers[0].address", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("Orchestrator:VerifierAddresses", error.Status.Detail, StringComparison.Ordinal);
    }

    private static string? Refusal(OrchestratorOptions options, string address, string listening, bool allowPlaintext = false)
    {
        var server = new KestrelServer(
            Options.Create(new KestrelServerOptions()), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add(listening);
        return new VerifierAddresses(Options.Create(options), new MeshTransport(new TransportSettings { AllowPlaintext = allowPlaintext }), server).Refusal(address);
    }
}
