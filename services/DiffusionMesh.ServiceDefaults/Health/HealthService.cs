using DiffusionMesh.ServiceDefaults.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace DiffusionMesh.ServiceDefaults.Health;

/// <summary>The gRPC health checking protocol over <see cref="ServiceHealth"/>.</summary>
internal sealed class HealthService(ServiceHealth health, ServiceDescriptors services, IHostApplicationLifetime lifetime) : Grpc.Health.V1.Health.HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
        StatusOf(request.Service) is var status && status == ServingStatus.ServiceUnknown
            ? throw new RpcException(new Status(StatusCode.NotFound, $"there is no service '{request.Service}'; known: {string.Join(", ", services.Names)}"))
            : Task.FromResult(new HealthCheckResponse { Status = status });

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        // Watchers of a stopping server are let go, so that they do not hold up its end.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        ServingStatus? last = null;
        while (!ended.IsCancellationRequested)
        {
            var changed = health.NextChange();
            var status = StatusOf(request.Service);
            if (status != last)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                last = status;
            }

            await changed.WaitAsync(ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ServingStatus StatusOf(string service) => health.IsServing(service) switch
    {
        true when !lifetime.ApplicationStopping.IsCancellationRequested => ServingStatus.Serving,
        null when service.Length > 0 && !services.Names.Contains(service) => ServingStatus.ServiceUnknown,
        null when service.Length > 0 => StatusOf(ServiceHealth.Server),
        _ => ServingStatus.NotServing,
    };
}
