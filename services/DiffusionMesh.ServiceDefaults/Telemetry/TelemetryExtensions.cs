using System.Diagnostics;
using System.Reflection;
using DiffusionMesh.ServiceDefaults.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace DiffusionMesh.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs, exported by OTLP where the standard variable names an endpoint.</summary>
internal static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this WebApplicationBuilder builder, string serviceName)
    {
        builder.AddSettings<TelemetryOptions>(TelemetryOptions.Section);

        // Spans that nobody reads would cost every step of the denoiser something.
        if (string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]))
        {
            return;
        }

        var version = Assembly.GetEntryAssembly()?.GetName().Version?.ToString();
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(serviceName, "diffusionmesh", version))
            .WithTracing(tracing => tracing
                .AddSource("Microsoft.AspNetCore", "Grpc.Net.Client", "System.Net.Http", DiffusionMeshTelemetry.Name)
                .AddProcessor(new HealthCheckFilter())
                .AddProcessor(new SpanPrivacy.Filter()))
            .WithMetrics(metrics => metrics
                .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", DiffusionMeshTelemetry.Name))
            .WithLogging(configureBuilder: null, logs =>
            {
                logs.IncludeFormattedMessage = true;
                logs.IncludeScopes = true;
            })
            .UseOtlpExporter();
    }

    /// <summary>Keeps the spans of health checks from being exported: probes would drown the rest.</summary>
    private sealed class HealthCheckFilter : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data.GetTagItem("url.path") is string path && path.StartsWith("/grpc.health.", StringComparison.Ordinal))
            {
                data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }
        }
    }
}
