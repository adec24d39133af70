using System.Net;
using System.Net.Sockets;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Mesh;

namespace DiffusionMesh.Cli.Tests.Mesh;

public sealed class MeshPortsTests
{
    [Fact]
    public void RequireFree_WithAPortInUse_NamesThePortAndTheRemedy()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var failure = Assert.Throws<CommandFailure>(() => new MeshPorts(0, port, 0).RequireFree());

        Assert.Equal(ExitCode.Failed, failure.ExitCode);
        Assert.Equal($"port {port} of the denoiser is in use", failure.Message);
        Assert.Contains("--port-base", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void From_ABase_CountsUp()
    {
        Assert.Equal(new MeshPorts(5100, 5101, 5102), MeshPorts.From(MeshPorts.DefaultBase));
    }
}
