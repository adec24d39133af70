using DiffusionMesh.Functional.Tests.Telemetry.Otlp;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>A value of a metric as a collector gets it.</summary>
/// <param name="Service">Name of the service that exported it.</param>
/// <param name="Value">Of a histogram, its sum.</param>
/// <param name="Count">Of a histogram, how many values it has; else 1.</param>
internal sealed record ExportedMetric(string Service, string Name, string Unit, double Value, long Count, IReadOnlyDictionary<string, object> Attributes)
{
    public static IEnumerable<ExportedMetric> Of(MetricExport exported) =>
        from process in exported.Processes
        let service = process.Origin.Attributes.ToValues()["service.name"].ToString()
        from meter in process.Meters
        from metric in meter.Metrics
        from point in Points(metric)
        select new ExportedMetric(service!, metric.Name, metric.Unit, point.Value, point.Count, point.Attributes);

    private static IEnumerable<(double Value, long Count, IReadOnlyDictionary<string, object> Attributes)> Points(Metric metric) =>
        (metric.Gauge ?? metric.Sum)?.Points.Select(point => (point.Real + point.Whole, 1L, point.Attributes.ToValues()))
        ?? metric.Histogram?.Points.Select(point => (point.Sum, (long)point.Count, point.Attributes.ToValues()))
        ?? [];
}
