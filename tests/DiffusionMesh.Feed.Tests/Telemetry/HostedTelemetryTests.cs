using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace DiffusionMesh.Feed.Tests.Telemetry;

public sealed class HostedTelemetryTests
{
    private const string Name = "DiffusionMesh.Feed.Tests.Telemetry";

    [Fact]
    public async Task Tracing_OfAHost_RecordsFromItsStartAndIsFlushedWithIt()
    {
        var recorded = new RecordingProcessor();
        using var source = new ActivitySource(Name);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(Name).AddProcessor(recorded));
        using (var host = builder.Build())
        {
            Assert.Null(source.StartActivity("before the start"));
            await host.StartAsync();
            source.StartActivity("running")?.Dispose();
            await host.StopAsync();
        }

        Assert.Equal(["running"], recorded.Names);
        Assert.True(recorded.IsShutDown);
        Assert.Null(source.StartActivity("after the end"));
    }

    [Fact]
    public async Task Tracing_StartsBefore_TheServicesOfTheHost()
    {
        var recorded = new RecordingProcessor();
        using var source = new ActivitySource(Name + ".Early");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(source).AddHostedService<EarlyService>();
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(source.Name).AddProcessor(recorded));
        using var host = builder.Build();

        await host.StartAsync();

        Assert.Equal(["early"], recorded.Names);
    }

    [Fact]
    public async Task Metrics_OfAHost_AreCollectedWhileItRuns()
    {
        var exporter = new RecordingExporter();
        using var meter = new Meter(Name);
        var counter = meter.CreateCounter<long>("calls");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddOpenTelemetry().WithMetrics(
            metrics => metrics.AddMeter(Name).AddReader(_ => new BaseExportingMetricReader(exporter)));
        using (var host = builder.Build())
        {
            await host.StartAsync();
            counter.Add(3);
            await host.StopAsync();
        }

        Assert.Equal([("calls", 3)], exporter.Sums);
    }

    [Fact]
    public void AddOpenTelemetry_CalledTwice_StartsOnce()
    {
        var services = new ServiceCollection();

        services.AddOpenTelemetry();
        services.AddOpenTelemetry();

        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
    }

    private sealed class EarlyService(ActivitySource source) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            source.StartActivity("early")?.Dispose();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class RecordingProcessor : BaseProcessor<Activity>
    {
        public ConcurrentQueue<string> Names { get; } = [];

        public bool IsShutDown { get; private set; }

        public override void OnEnd(Activity data) => Names.Enqueue(data.DisplayName);

        protected override bool OnShutdown(int timeoutMilliseconds) => IsShutDown = true;
    }

    private sealed class RecordingExporter : BaseExporter<Metric>
    {
        public List<(string Name, long Sum)> Sums { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Sums.Add((metric.Name, point.GetSumLong()));
                }
            }

            return ExportResult.Success;
        }
    }
}
