using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.ServiceDefaults.Health;
using DiffusionMesh.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Serves a gRPC service of the test over a real Kestrel.</summary>
internal static class ScriptedServer
{
    public static Task<RunningHost> StartAsync<TService>(TService service, params string[] args)
        where TService : class => StartAsync(service, new TransportSettings(), args);

    public static Task<RunningHost> StartAsync<TService>(TService service, TransportSettings transport, params string[] args)
        where TService : class => RunningHost.StartAsync(
            given =>
            {
                var builder = WebApplication.CreateBuilder(given);
                builder.AddServiceDefaults("scripted");
                builder.Services.AddSingleton(service);
                var app = builder.Build();
                app.MapGrpcService<TService>();
                app.MapServiceDefaults();
                var health = app.Services.GetRequiredService<ServiceHealth>();
                app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(
                    () => health.Set(ServiceHealth.Server, true));
                return app;
            },
            transport,
            args);
}
