using System.Net.Sockets;
using DiffusionMesh.Functional.Tests.Orchestrator.Balancing;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.ServiceDefaults.Telemetry;
using DiffusionMesh.Transport;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

public sealed class OpenVerifiersTests : IDisposable
{
    private const string Ours = "http://127.0.0.1:1";

    private readonly ManualTime _time = new();
    private readonly OpenVerifiers _open;

    public OpenVerifiersTests()
    {
        var options = Options.Create(new OrchestratorOptions { Verifiers = { ["ours"] = Ours } });
        var mesh = Options.Create(new MeshOptions());
        var channels = new MeshChannels(
            Options.Create(new ServiceDefaultsOptions()),
            mesh,
            options,
            new MeshTransport(new TransportSettings()),
            (_, _) => throw new SocketException(),
            TimeProvider.System,
            NullLoggerFactory.Instance);
        var policies = new CallPolicies(
            options, mesh, Options.Create(new TelemetryOptions()), TimeProvider.System, NullLogger<CallPolicy>.Instance);
        _open = new OpenVerifiers(
            address => new VerifierAccess("verifier", channels.Open(address), policies, () => DateTime.MaxValue), options.Value.IsOurs, _time);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7", "HTTP://127.0.0.1:7/")]
    [InlineData("http://localhost:7", "http://LocalHost:7")]
    [InlineData("http://localhost:80", "http://localhost")]
    [InlineData("dns:///localhost:7", "DNS:///LOCALHOST:7")]
    [InlineData("static:///127.0.0.1:7,localhost:8", "static:///127.0.0.1:7,%4Cocalhost:8")]
    public void Use_OfOtherSpellings_IsTheSame(string address, string spelled)
    {
        using var first = _open.Use(address);
        using var second = _open.Use(spelled);

        Assert.Same(first.Verifier, second.Verifier);
        Assert.Equal(1, _open.Foreign);
    }

    [Fact]
    public void Use_OfOtherPlaces_IsAnother()
    {
        using var first = _open.Use("http://localhost:7");
        using var second = _open.Use("https://localhost:7");
        using var third = _open.Use("dns:///localhost:7");

        Assert.Equal(3, _open.Foreign);
    }

    [Fact]
    public void Use_ThatIsOver_IsClosedAfterAWhile()
    {
        _open.Use("http://127.0.0.1:7").Dispose();
        using var lasting = _open.Use("http://127.0.0.1:8");
        _open.Use(Ours).Dispose();
        var ours = Verifier(Ours);
        _time.Pass(seconds: 299);
        _open.CloseUnused();
        Assert.Equal(2, _open.Foreign);

        _time.Pass(seconds: 1);
        _open.CloseUnused();

        Assert.Equal(1, _open.Foreign);
        Assert.Same(lasting.Verifier, Verifier("http://127.0.0.1:8"));
        Assert.Same(ours, Verifier(Ours));
    }

    [Fact]
    public void Use_WithAllPlacesInUse_IsRefusedToClientsAlone()
    {
        var uses = Enumerable.Range(1000, OpenVerifiers.MaxForeign).Select(port => _open.Use($"http://127.0.0.1:{port}")).ToList();

        var refusal = Assert.Throws<RpcException>(() => _open.Use("http://127.0.0.1:7"));
        _open.Use(Ours).Dispose();
        uses[3].Dispose();
        _open.Use("http://127.0.0.1:7").Dispose();

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
        Assert.Equal(OpenVerifiers.MaxForeign, _open.Foreign);
    }

    public void Dispose() => _open.Dispose();

    private VerifierAccess Verifier(string address)
    {
        using var use = _open.Use(address);
        return use.Verifier;
    }
}
