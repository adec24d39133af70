using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Contracts;

/// <summary>Errors as every service sends them: a status with google.rpc details in its trailers.</summary>
public static class RpcErrors
{
    private const int MaxEchoedLength = 128;
    private const int MaxMetadataLength = 256;

    /// <summary>Trailer that holds a serialised <see cref="Google.Rpc.Status"/>.</summary>
    public const string DetailsTrailer = "grpc-status-details-bin";

    /// <summary>Domain of every <see cref="ErrorInfo"/> that this project sends.</summary>
    public const string Domain = "diffusionmesh";

    /// <summary>Reason of <see cref="DeadlineCannotBeMet"/>: nothing was evaluated.</summary>
    public const string DeadlineCannotBeMetReason = "DEADLINE_CANNOT_BE_MET";

    /// <summary>Reason of <see cref="Stopping"/>: nothing was evaluated.</summary>
    public const string StoppingReason = "SERVER_STOPPING";

    /// <summary>Reason of UNAUTHENTICATED where no token is presented; <c>scope</c> is what it must allow.</summary>
    public const string TokenRequiredReason = "TOKEN_REQUIRED";

    /// <summary>Reason of UNAUTHENTICATED where a token is presented that is none of the server's.</summary>
    public const string TokenUnknownReason = "TOKEN_UNKNOWN";

    /// <summary>Reason of PERMISSION_DENIED where the token lacks <c>scope</c>.</summary>
    public const string ScopeMissingReason = "SCOPE_MISSING";

    /// <summary>Reason of NOT_FOUND for a search, <c>search_id</c>.</summary>
    public const string SearchUnknownReason = "SEARCH_UNKNOWN";

    /// <summary>Reason of RESOURCE_EXHAUSTED for the NFE of a day; <c>cost_nfe</c>, <c>left_nfe</c> and <c>quota_nfe</c> say how many.</summary>
    public const string NfeQuotaReason = "NFE_QUOTA";

    // The message travels percent-encoded in a header, where long ones are cut off or refused.
    private const int MaxMessageLength = 1024;
    private const int MaxEncodedLength = 2048;

    /// <summary>NOT_FOUND for something chosen by name, listing the names that are known.</summary>
    /// <param name="field">Path of the field that holds the name.</param>
    /// <param name="what">What kind of thing was looked for, for example <c>model</c>.</param>
    /// <param name="name">The name that is not known.</param>
    /// <param name="known">The names that are.</param>
    public static RpcException NotFound(string field, string what, string name, IEnumerable<string> known)
    {
        var description = UnknownName(what, name, known);
        var violation = new BadRequest.Types.FieldViolation { Field = field, Description = description };
        return Create(StatusCode.NotFound, $"{field}: {description}", new BadRequest { FieldViolations = { violation } });
    }

    /// <summary>The sentence for a name that is not known, listing those that are.</summary>
    public static string UnknownName(string what, string name, IEnumerable<string> known)
    {
        // Whole, a long name would not fit into the headers that carry an error.
        name = Shorten(name, MaxEchoedLength);
        var names = string.Join(", ", known.Order(StringComparer.Ordinal));
        return names.Length == 0
            ? $"there is no {what} '{name}', and none is available"
            : $"there is no {what} '{name}'; known: {names}";
    }

    /// <summary>FAILED_PRECONDITION with an <see cref="ErrorInfo"/>.</summary>
    /// <param name="reason">Stable, upper snake case.</param>
    /// <param name="message">What is wrong and what to do about it.</param>
    /// <param name="metadata">Values a program may want.</param>
    public static RpcException FailedPrecondition(string reason, string message, params ReadOnlySpan<(string Key, string Value)> metadata) =>
        Create(StatusCode.FailedPrecondition, message, Info(reason, metadata));

    /// <summary>PERMISSION_DENIED with an <see cref="ErrorInfo"/>.</summary>
    public static RpcException PermissionDenied(string reason, string message, params ReadOnlySpan<(string Key, string Value)> metadata) =>
        Create(StatusCode.PermissionDenied, message, Info(reason, metadata));

    /// <summary>UNAUTHENTICATED with an <see cref="ErrorInfo"/>.</summary>
    public static RpcException Unauthenticated(string reason, string message, params ReadOnlySpan<(string Key, string Value)> metadata) =>
        Create(StatusCode.Unauthenticated, message, Info(reason, metadata));

    /// <summary>NOT_FOUND for a search.</summary>
    public static RpcException SearchUnknown(string id) =>
        Create(StatusCode.NotFound, $"search_id: there is no search '{Shorten(id, MaxEchoedLength)}'", Info(SearchUnknownReason, ("search_id", Shorten(id, MaxEchoedLength))));

    /// <summary>DEADLINE_EXCEEDED for a deadline that is known beforehand to be too early.</summary>
    /// <param name="atLeast">What the call takes at least; in the metadata as <c>at_least_seconds</c>.</param>
    /// <param name="available">The time until its deadline.</param>
    public static RpcException DeadlineCannotBeMet(TimeSpan atLeast, TimeSpan available)
    {
        var (needed, given) = (Seconds(atLeast), Seconds(available));
        return Create(
            StatusCode.DeadlineExceeded,
            $"takes {needed} s at least, but its deadline is in {given} s: give it more time, fewer steps or fewer trajectories",
            Info(DeadlineCannotBeMetReason, ("at_least_seconds", needed), ("available_seconds", given)));
    }

    /// <summary>ALREADY_EXISTS with an <see cref="ErrorInfo"/>.</summary>
    public static RpcException AlreadyExists(string reason, string message) =>
        Create(StatusCode.AlreadyExists, message, Info(reason));

    /// <summary>RESOURCE_EXHAUSTED with a <see cref="RetryInfo"/>.</summary>
    public static RpcException ResourceExhausted(string message, TimeSpan retryAfter) =>
        Create(StatusCode.ResourceExhausted, message, new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    /// <summary>UNAVAILABLE from a server that is being stopped and did nothing for the call.</summary>
    public static RpcException Stopping() =>
        Create(StatusCode.Unavailable, "the server is being stopped: ask another one, or it when it is back", Info(StoppingReason));

    /// <summary>UNAVAILABLE from a server that is being stopped and had begun with the call.</summary>
    public static RpcException HandedBack() =>
        Create(StatusCode.Unavailable, "the server was stopped before the call was finished: ask another one, or it when it is back");

    /// <summary>An error with details.</summary>
    public static RpcException Create(StatusCode code, string message, params ReadOnlySpan<IMessage> details)
    {
        var summary = Summary(message);
        var status = new Google.Rpc.Status { Code = (int)code, Message = summary };
        foreach (var detail in details)
        {
            status.Details.Add(Any.Pack(detail));
        }

        var trailers = new Metadata { { DetailsTrailer, status.ToByteArray() } };
        return new RpcException(new Grpc.Core.Status(code, summary), trailers);
    }

    /// <summary>An error whose message fits into a header: what is relayed or echoed may be of any length.</summary>
    public static RpcException Bounded(RpcException error) => Summary(error.Status.Detail) is var summary && summary.Length == error.Status.Detail.Length
        ? error
        : new RpcException(new Grpc.Core.Status(error.StatusCode, summary), error.Trailers);

    /// <summary>A text, or its beginning with an ellipsis if it is longer than that.</summary>
    public static string Shorten(string text, int maxLength)
    {
        if (text.Length <= maxLength)
        {
            return text;
        }

        var end = maxLength - 1;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[end - 1]) ? end - 1 : end), "…");
    }

    /// <summary>The details that came with an error, or null if there were none that can be read.</summary>
    public static Google.Rpc.Status? Details(RpcException error)
    {
        var bytes = error.Trailers.GetValueBytes(DetailsTrailer);
        if (bytes is null)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The first detail of a type that came with an error, or null.</summary>
    public static T? Detail<T>(RpcException error)
        where T : class, IMessage<T>, new()
    {
        foreach (var detail in Details(error)?.Details ?? [])
        {
            if (detail.TryUnpack<T>(out var found))
            {
                return found;
            }
        }

        return null;
    }

    private static string Summary(string message)
    {
        var summary = Shorten(message, MaxMessageLength);
        while (EncodedLength(summary) > MaxEncodedLength)
        {
            summary = Shorten(summary, summary.Length / 2);
        }

        return summary;
    }

    // Percent-encoded, all but printable ASCII takes three characters a byte.
    private static int EncodedLength(string text) =>
        text.Sum(character => character is >= ' ' and <= '~' and not '%' ? 1 : 3 * (character < 0x80 ? 1 : character < 0x800 ? 2 : 3));

    private static ErrorInfo Info(string reason, params ReadOnlySpan<(string Key, string Value)> metadata)
    {
        var info = new ErrorInfo { Reason = reason, Domain = Domain };
        foreach (var (key, value) in metadata)
        {
            info.Metadata.Add(key, Shorten(value, MaxMetadataLength));
        }

        return info;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
