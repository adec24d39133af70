using System.Net.Sockets;
using System.Security.Authentication;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Transport;
using Grpc.Core;

namespace DiffusionMesh.Cli.Mesh;

/// <summary>Says why an orchestrator was not reached. What one has answered is not its concern.</summary>
internal static class Unreachable
{
    // What the runtime says of a connection that was accepted and then speaks something else.
    private const string NoHttp2 = "HTTP/2 handshake";

    /// <summary>Whether a connection is gone, or the orchestrator at its other end: another one, or the same later, may answer.</summary>
    public static bool IsLost(RpcException error) =>
        error.StatusCode == StatusCode.Unavailable || Causes(error.Status.DebugException).Any(cause => cause is HttpIOException or SocketException);

    /// <param name="remote">Whether the user has named the orchestrator.</param>
    /// <param name="transport">How it was called.</param>
    /// <returns>Null if an orchestrator has answered.</returns>
    public static CommandFailure? Explain(RpcException error, string target, bool remote, MeshTransport transport)
    {
        var (message, remedy) = Reason(error, target, transport);
        return message is null ? null : new CommandFailure(ExitCode.Failed, message) { Remedy = remote ? remedy : null };
    }

    private static (string? Message, string? Remedy) Reason(RpcException error, string target, MeshTransport transport)
    {
        // Only what the client itself has noticed comes with an exception.
        var causes = Causes(error.Status.DebugException).ToArray();
        if (causes.OfType<AuthenticationException>().FirstOrDefault() is { } unsafely)
        {
            return Distrust(unsafely, causes[^1], target, transport);
        }

        if (causes.Any(IsNobodyThere))
        {
            return (
                $"no orchestrator answers at {target}: {causes[^1].Message}",
                "Start one with 'dmesh up', or leave --target out to have the services started.");
        }

        return error.StatusCode switch
        {
            StatusCode.Unimplemented => ($"what answers at {target} is no orchestrator of this version", "Name an orchestrator with --target."),
            StatusCode.DeadlineExceeded => ($"the orchestrator at {target} did not answer in time", "Try again; it may have too much to do, or still be starting."),
            _ when causes.Length > 0 => Broken(causes, target, transport),
            _ => (null, null),
        };
    }

    private static (string Message, string? Remedy) Distrust(AuthenticationException error, Exception cause, string target, MeshTransport transport) => error switch
    {
        ServerNotProvenException => ($"the server at {target} has not proven itself: {error.Message}", null),
        { InnerException: null } => (
            $"what listens at {target} does not speak TLS",
            "Write http:// in place of https://; on another machine that needs --allow-plaintext as well."),
        _ => ($"no secured connection to {target}: {cause.Message}", transport.IdentityProblem()),
    };

    private static (string Message, string? Remedy) Broken(Exception[] causes, string target, MeshTransport transport)
    {
        var broke = $"the connection to {target} broke: {causes[^1].Message}";
        if (target.Contains(":/", StringComparison.Ordinal) && transport.IsTls(new Uri(target)))
        {
            return (transport.IdentityProblem() is { } problem ? $"the server at {target} ended the connection: {problem}" : broke, null);
        }

        return causes.Any(cause => cause.Message.Contains(NoHttp2, StringComparison.Ordinal))
            ? ($"what listens at {target} does not speak gRPC in plaintext", "If it speaks TLS, write https:// in place of http://, and name its authority with --ca.")
            : (broke, null);
    }

    private static bool IsNobodyThere(Exception cause) => cause is TimeoutException or SocketException
    {
        SocketErrorCode: SocketError.ConnectionRefused or SocketError.TimedOut or SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain
            or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.AddressNotAvailable
    };

    private static IEnumerable<Exception> Causes(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            yield return error;
        }
    }
}
