using DiffusionMesh.Functional.Tests.Telemetry.Otlp;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>Takes what hosts export by OTLP over gRPC, and keeps it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private WebApplication _app = null!;
    private readonly Lock _gate = new();
    private readonly List<ExportedSpan> _spans = [];
    private readonly List<ExportedMetric> _metrics = [];
    private readonly List<ExportedLog> _logs = [];
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Where hosts export to.</summary>
    public string Address => _app.Urls.Single();

    public IReadOnlyList<ExportedSpan> Spans => Copy(_spans);

    /// <summary>Every value that was exported, the latest last.</summary>
    public IReadOnlyList<ExportedMetric> Metrics => Copy(_metrics);

    public IReadOnlyList<ExportedLog> Logs => Copy(_logs);

    public static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(collector);
        var app = builder.Build();
        app.MapGrpcService<Traces>();
        app.MapGrpcService<MetricValues>();
        app.MapGrpcService<LogRecords>();
        await app.StartAsync();
        collector._app = app;
        return collector;
    }

    /// <summary>Waits until what was exported is as it should be.</summary>
    public async Task WaitAsync(Func<OtlpCollector, bool> isThere)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (isThere(this))
            {
                return;
            }

            await changed.WaitAsync(limit.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private IReadOnlyList<T> Copy<T>(List<T> all)
    {
        lock (_gate)
        {
            return [.. all];
        }
    }

    private Task<Taken> Take<T>(List<T> all, IEnumerable<T> exported)
    {
        lock (_gate)
        {
            all.AddRange(exported);
            _changed.SetResult();
            _changed = NewSignal();
        }

        return Task.FromResult(new Taken());
    }

    private sealed class Traces(OtlpCollector collector) : TraceService.TraceServiceBase
    {
        public override Task<Taken> Export(Spans request, ServerCallContext context) => collector.Take(collector._spans, ExportedSpan.Of(request));
    }

    private sealed class MetricValues(OtlpCollector collector) : MetricsService.MetricsServiceBase
    {
        public override Task<Taken> Export(MetricExport request, ServerCallContext context) => collector.Take(collector._metrics, ExportedMetric.Of(request));
    }

    private sealed class LogRecords(OtlpCollector collector) : LogsService.LogsServiceBase
    {
        public override Task<Taken> Export(Logs request, ServerCallContext context) => collector.Take(collector._logs, ExportedLog.Of(request));
    }
}
