using System.Diagnostics;

namespace Grpc.Core;

/// <summary>Result of a call: a code, a text for humans and, on this side of the wire only, the exception behind it.</summary>
[DebuggerDisplay("{DebuggerToString(),nq}")]
public readonly struct Status
{
    /// <summary>The status of a call that succeeded: <see cref="StatusCode.OK"/> without detail.</summary>
    public static readonly Status DefaultSuccess = new(StatusCode.OK, "");

    /// <summary>The status of a call that was cancelled, without detail.</summary>
    public static readonly Status DefaultCancelled = new(StatusCode.Cancelled, "");

    /// <summary>Makes a status of a code and a text.</summary>
    public Status(StatusCode statusCode, string detail)
        : this(statusCode, detail, null)
    {
    }

    /// <summary>Makes a status that also remembers the local exception which led to it.</summary>
    public Status(StatusCode statusCode, string detail, Exception? debugException)
    {
        StatusCode = statusCode;
        Detail = detail;
        DebugException = debugException;
    }

    /// <summary>The kind of outcome.</summary>
    public StatusCode StatusCode { get; }

    /// <summary>The text that came with it.</summary>
    public string Detail { get; }

    /// <summary>The local exception behind an error, for diagnosis. It is never sent.</summary>
    public Exception? DebugException { get; }

    /// <inheritdoc/>
    public override string ToString() => DebugException is null
        ? $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\")"
        : $"Status(StatusCode=\"{StatusCode}\", Detail=\"{Detail}\", DebugException=\"{DebugException.GetType()}: {DebugException.Message}\")";

    private string DebuggerToString() => string.IsNullOrEmpty(Detail) ? $"{StatusCode}" : $"{StatusCode}: {Detail}";
}
