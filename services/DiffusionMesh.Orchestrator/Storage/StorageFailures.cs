using DiffusionMesh.Contracts;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Quartz;

namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>
/// Answers UNAVAILABLE where searches cannot be kept or read for now, so that callers try again, DATA_LOSS where a search is
/// damaged, and FAILED_PRECONDITION where the folder of one that was deleted cannot be removed.
/// </summary>
internal sealed partial class StorageFailures(ILogger<StorageFailures> logger) : Interceptor
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (Exception failure) when (IsOfStorage(failure))
        {
            throw Answer(context, failure);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception failure) when (IsOfStorage(failure))
        {
            throw Answer(context, failure);
        }
    }

    // The scheduler keeps its jobs where the searches are.
    private static bool IsOfStorage(Exception failure) => failure is StorageException or JobPersistenceException;

    private RpcException Answer(ServerCallContext context, Exception failure)
    {
        LogFailed(logger, context.Method, failure);
        return failure switch
        {
            SearchDamagedException => RpcErrors.Create(StatusCode.DataLoss, failure.Message),
            FolderLeftException => RpcErrors.FailedPrecondition("FOLDER_LEFT", failure.Message),
            _ => RpcErrors.Create(
                StatusCode.Unavailable,
                "searches cannot be kept or read at the moment; the server's log says why",
                new RetryInfo { RetryDelay = Duration.FromTimeSpan(RetryDelay) }),
        };
    }

    [LoggerMessage(EventName = "StorageFailed", Level = LogLevel.Error, Message = "{Method} found the storage of searches failing")]
    private static partial void LogFailed(ILogger logger, string method, Exception error);
}
