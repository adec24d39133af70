using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Transport;
using Grpc.Core;
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
        var addresses = new VerifierAddresses(Options.Create(options), new MeshTransport(new TransportSettings { AllowPlaintext = true }));

        Assert.Equal(isAllowed, addresses.Refusal(address) is null);
    }

    [Fact]
    public void Refusal_AllowedAddressInPlaintext_NamesTheSetting()
    {
        var options = new OrchestratorOptions { VerifierAddresses = { "dns:///verifier-*:8080" } };

        var refusal = new VerifierAddresses(Options.Create(options), new MeshTransport(new TransportSettings())).Refusal("dns:///verifier-a:8080");

        Assert.Contains("Security:AllowPlaintext", refusal, StringComparison.Ordinal);
    }

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
}
