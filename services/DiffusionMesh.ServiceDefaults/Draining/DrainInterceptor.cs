using DiffusionMesh.Contracts;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DiffusionMesh.ServiceDefaults.Draining;

/// <summary>Counts the calls of the host's own services, and refuses them while it is being stopped.</summary>
internal sealed class DrainInterceptor(Drain drain) : Interceptor
{
    // Health and reflection.
    private const string Standard = "/grpc.";

    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, async () => await continuation(request, context));

    public override Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation) =>
        CountAsync(context, async () =>
        {
            await continuation(request, responseStream, context);
            return true;
        });

    private async Task<T> CountAsync<T>(ServerCallContext context, Func<Task<T>> call)
    {
        using var place = context.Method.StartsWith(Standard, StringComparison.Ordinal) ? null : drain.Enter();
        try
        {
            return await call();
        }
        catch (OperationCanceledException) when (drain.Over.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
        {
            throw RpcErrors.HandedBack();
        }
    }
}
