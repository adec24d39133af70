namespace Grpc.Core;

/// <summary>Messages that are sent one after the other. One write at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    /// <summary>Options of the writes that follow; null for the defaults.</summary>
    WriteOptions? WriteOptions { get; set; }

    /// <summary>Writes a message; done when the transport has taken it.</summary>
    Task WriteAsync(T message);

    /// <summary>Writes a message unless cancelled.</summary>
    /// <exception cref="NotSupportedException">The token can be cancelled, and this writer cannot cancel writes.</exception>
    Task WriteAsync(T message, CancellationToken cancellationToken) => cancellationToken.CanBeCanceled
        ? throw new NotSupportedException($"{GetType()} cannot cancel a write.")
        : WriteAsync(message);
}
