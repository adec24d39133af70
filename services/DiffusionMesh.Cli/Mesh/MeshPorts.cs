using System.Net;
using System.Net.Sockets;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Loopback ports of the services; 0 lets the system choose.</summary>
internal sealed record MeshPorts(int Orchestrator, int Denoiser, int FirstVerifier)
{
    public const int DefaultBase = 5100;

    /// <summary>Where the orchestrator of <c>dmesh up</c> listens, unless told otherwise.</summary>
    public static string DefaultOrchestrator { get; } = Url(DefaultBase);

    /// <summary>How many ports the services take in a row.</summary>
    public static int Count => 2 + VerifierHost.All.Length;

    public static MeshPorts Any { get; } = new(0, 0, 0);

    public static MeshPorts From(int portBase) => new(portBase, portBase + 1, portBase + 2);

    public static string Url(int port) => $"http://127.0.0.1:{port}";

    /// <summary>The port of a verifier.</summary>
    public int Of(VerifierHost verifier) => FirstVerifier == 0 ? 0 : FirstVerifier + VerifierHost.All.IndexOf(verifier);

    /// <summary>Makes sure that every port can be had, before anything is started.</summary>
    /// <exception cref="CommandFailure">One is in use.</exception>
    public void RequireFree()
    {
        IEnumerable<(string Service, int Port)> all =
            [("orchestrator", Orchestrator), ("denoiser", Denoiser), .. VerifierHost.All.Select(verifier => ($"{verifier.Name} verifier", Of(verifier)))];
        foreach (var (service, port) in all)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                var why = error.SocketErrorCode == SocketError.AddressAlreadyInUse ? "is in use" : "may not be used by this user";
                throw new CommandFailure(ExitCode.Failed, $"port {port} of the {service} {why}")
                {
                    Remedy = $"Stop what listens there (another 'dmesh up'?), or choose other ports: dmesh up --port-base {(port < 40_000 ? port + 1000 : 5100)}",
                };
            }
        }
    }
}
