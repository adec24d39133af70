using System.Net.Sockets;
using System.Security.Authentication;
using DiffusionMesh.Cli.CommandLine;
using Grpc.Core;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Says why an orchestrator was not reached. What one has answered is not its concern.</summary>
internal static class Unreachable
{
    /// <param name="remote">Whether the user has named the orchestrator.</param>
    /// <returns>Null if an orchestrator has answered.</returns>
    public static CommandFailure? Explain(RpcException error, string target, bool remote)
    {
        var (message, remedy) = Reason(error, target);
        return message is null ? null : new CommandFailure(ExitCode.Failed, message) { Remedy = remote ? remedy : null };
    }

    private static (string? Message, string? Remedy) Reason(RpcException error, string target)
    {
        // Only what the client itself has noticed comes with an exception.
        var causes = Causes(error.Status.DebugException).ToArray();
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } tls)
        {
            return (
                $"no trusted connection to {target}: {tls.Message}",
                "Name the authority that signed its certificate with --ca; its certificate must be for this address, and not expired.");
        }

        if (causes.OfType<SocketException>().FirstOrDefault() is { } socket)
        {
            return (
                $"no orchestrator answers at {target}: {socket.Message}",
                "Start one with 'dmesh up', or leave --target out to have the services started.");
        }

        return error.StatusCode switch
        {
            StatusCode.Unimplemented => ($"what answers at {target} is no orchestrator of this version", "Name an orchestrator with --target."),
            StatusCode.DeadlineExceeded => ($"the orchestrator at {target} did not answer in time", "Try again; it may have too much to do, or still be starting."),
            _ when causes.Length > 0 => (
                $"the connection to {target} broke: {causes[^1].Message}",
                "Where it speaks TLS the address begins with https://, else with http://; one that asks for certificates needs --cert and --key."),
            _ => (null, null),
        };
    }

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}
