using DiffusionMesh.ServiceDefaults.Health;
using DiffusionMesh.ServiceDefaults.Lifetime;
using DiffusionMesh.ServiceDefaults.Limits;
using DiffusionMesh.ServiceDefaults.Reflection;
using DiffusionMesh.ServiceDefaults.Security;
using DiffusionMesh.ServiceDefaults.Settings;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults;

/// <summary>What every host has: HTTP/2 and TLS, gRPC with errors mapped, health, reflection, telemetry, a clean end.</summary>
public static class ServiceDefaultsExtensions
{
    private const int BytesPerMebibyte = 1 << 20;

    /// <summary>Adds the defaults. Call once, before the host's own services.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="serviceName">Name in traces and metrics, for example <c>denoiser</c>.</param>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder, string serviceName)
    {
        builder.AddSettingsFile();
        builder.AddHealthPort();
        builder.AddSettings<ServiceDefaultsOptions>("");
        builder.Services.AddSingleton<IValidateOptions<ServiceDefaultsOptions>, SettingNames>();
        builder.Services.AddSingleton<IValidateOptions<ServiceDefaultsOptions>, ListenAddresses>();
        var options = builder.ReadSettings<ServiceDefaultsOptions>("");

        // What the framework says of every request would drown the rest; a configuration can still ask for it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = new Dictionary<string, string?>
            {
                ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
                ["Logging:LogLevel:Grpc"] = nameof(LogLevel.Warning),
                ["Logging:Console:FormatterOptions:IncludeScopes"] = bool.TrueString,
            },
        });

        // Standard output belongs to the announced address; logs go to standard error.
        builder.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddSingleton<StartLog>();
        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(services => services.GetRequiredService<StartLog>());

        builder.AddSecurity();

        // gRPC bounds what it reads by the length that precedes each message; Kestrel's own 30 MB would cut messages off first.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);

        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = options.MaxMessageMebibytes * BytesPerMebibyte;
            grpc.MaxSendMessageSize = options.MaxMessageMebibytes * BytesPerMebibyte;
            grpc.Interceptors.Add<ServerCallInterceptor>();
        });

        builder.Services.AddSingleton<ServiceHealth>();
        builder.Services.AddSingleton<ServiceDescriptors>();
        builder.Services.AddHostedService<AddressAnnouncement>();
        builder.Services.AddHostedService<StandardInputLifetime>();
        if (options.ExitWithStandardInput)
        {
            builder.Services.AddSingleton<IHostLifetime, SupervisedLifetime>();
        }

        builder.AddTelemetry(serviceName);
        return builder;
    }

    /// <summary>Maps <c>grpc.health.v1</c> and <c>grpc.reflection.v1</c> over every service that the host maps.</summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseMiddleware<CallAdmission>();
        app.UseMiddleware<SlowReaders>();
        app.MapGrpcService<HealthService>();
        app.MapGrpcService<ReflectionService>();
        return app;
    }
}
