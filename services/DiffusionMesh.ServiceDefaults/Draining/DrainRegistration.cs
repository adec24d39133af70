using DiffusionMesh.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Draining;

/// <summary>For hosts whose calls compute something.</summary>
public static class DrainRegistration
{
    /// <summary>Has the host finish its calls when it is stopped. What takes long follows <see cref="Drain.Over"/>.</summary>
    public static WebApplicationBuilder AddDrain(this WebApplicationBuilder builder)
    {
        builder.AddSettings<DrainOptions>("");
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<DrainOptions>>((host, drain) =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(drain.Value.DrainSeconds + DrainOptions.HandBackSeconds));
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<DrainInterceptor>());
        return builder;
    }
}
