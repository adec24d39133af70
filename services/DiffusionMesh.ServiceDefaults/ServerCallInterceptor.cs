using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>Turns what a call throws into a status, and measures every call.</summary>
/// <remarks>
/// A cancelled call ends as CANCELLED or DEADLINE_EXCEEDED; what nobody foresaw is logged whole and
/// answered as INTERNAL with the trace's identifier, so that no detail of the server leaks.
/// </remarks>
internal sealed partial class ServerCallInterceptor(ILogger<ServerCallInterceptor> logger) : Interceptor
{
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation) =>
        Run(context, () => continuation(request, context));

    public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation) =>
        Run(context, () => continuation(requestStream, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        Run(context, () => Completed(continuation(request, responseStream, context)));

    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        Run(context, () => Completed(continuation(requestStream, responseStream, context)));

    private static async Task<bool> Completed(Task call)
    {
        await call;
        return true;
    }

    private async Task<T> Run<T>(ServerCallContext context, Func<Task<T>> call)
    {
        var start = Stopwatch.GetTimestamp();
        var code = StatusCode.OK;
        try
        {
            return await call();
        }
        catch (RpcException error)
        {
            code = error.StatusCode;
            throw RpcErrors.Bounded(error);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            code = context.Deadline <= DateTime.UtcNow ? StatusCode.DeadlineExceeded : StatusCode.Cancelled;
            throw new RpcException(new Status(code, "the call was cancelled"));
        }
        catch (InvalidProtocolBufferException)
        {
            // Of a message that came on a stream.
            code = StatusCode.InvalidArgument;
            throw new RpcException(new Status(code, "the bytes sent are no message of this call"));
        }
        catch (Exception error)
        {
            code = StatusCode.Internal;
            var trace = Activity.Current?.TraceId.ToString() ?? context.Method;
            LogUnforeseen(logger, context.Method, trace, error);
            throw new RpcException(new Status(code, $"internal error; the server's log has it under trace {trace}"));
        }
        finally
        {
            CallMetrics.Record(context.Method, code, Stopwatch.GetElapsedTime(start));
        }
    }

    [LoggerMessage(EventName = "UnforeseenError", Level = LogLevel.Error, Message = "{Method} failed unforeseen (trace {Trace})")]
    private static partial void LogUnforeseen(ILogger logger, string method, string trace, Exception error);
}
