namespace Grpc.Core;

/// <summary>
/// What all asynchronous calls share beyond their messages. The functions come from the transport; they are given the
/// state that came with them, so that one static function serves all calls.
/// </summary>
internal sealed class AsyncCallState(
    Func<object, Task<Metadata>> responseHeaders,
    Func<object, Status> status,
    Func<object, Metadata> trailers,
    Action<object> dispose,
    object state)
{
    private Task<Metadata>? _responseHeaders;

    public AsyncCallState(Task<Metadata> responseHeaders, Func<Status> status, Func<Metadata> trailers, Action dispose)
        : this(_ => responseHeaders, _ => status(), _ => trailers(), _ => dispose(), state: responseHeaders)
    {
    }

    public Task<Metadata> ResponseHeadersAsync => _responseHeaders ??= responseHeaders(state);

    public Status GetStatus() => status(state);

    public Metadata GetTrailers() => trailers(state);

    public void Dispose() => dispose(state);
}
