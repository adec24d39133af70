using DiffusionMesh.Contracts;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Status = Grpc.Core.Status;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// gRPC measures deadlines by the clock on the wall: where that is moved ahead, calls under way are given up though nobody was
/// slow. By the time that has really passed they were cut off, and UNAVAILABLE says so.
/// </summary>
internal sealed class ClockJumps(TimeProvider time) : Interceptor
{
    // The server may give up a little earlier than the client.
    private const double Nearly = 0.9;

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        var limit = Limit(context.Options);
        var call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(
            JudgedAsync(call.ResponseAsync, limit), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var limit = Limit(context.Options);
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new JudgedReader<TResponse>(call.ResponseStream, limit), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private static async Task<T> JudgedAsync<T>(Task<T> answer, Func<RpcException, bool> isEarly)
    {
        try
        {
            return await answer;
        }
        catch (RpcException error) when (isEarly(error))
        {
            throw new RpcException(
                new Status(StatusCode.Unavailable, "the call was given up before its time, since a clock was moved", error), error.Trailers);
        }
    }

    // Whether a call that begins now was given up before its time, though the clock says otherwise. Where the clock agrees, the
    // server has reckoned or gave up by itself.
    private Func<RpcException, bool> Limit(CallOptions options)
    {
        var (since, began) = (time.GetTimestamp(), time.GetUtcNow());
        var enough = Nearly * (options.Deadline - began.UtcDateTime);
        return error => error.StatusCode == StatusCode.DeadlineExceeded
            && RpcErrors.Detail<ErrorInfo>(error) is null
            && time.GetElapsedTime(since) < enough
            && time.GetUtcNow() - began >= enough;
    }

    private sealed class JudgedReader<T>(IAsyncStreamReader<T> answers, Func<RpcException, bool> isEarly) : IAsyncStreamReader<T>
    {
        public T Current => answers.Current;

        public Task<bool> MoveNext(CancellationToken cancellationToken) => JudgedAsync(answers.MoveNext(cancellationToken), isEarly);
    }
}
