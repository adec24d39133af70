using DiffusionMesh.Functional.Tests.Telemetry.Otlp;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>A line of a log as a collector gets it.</summary>
/// <param name="Service">Name of the service that exported it.</param>
/// <param name="Trace">Identifier of the trace that it was written in; empty if there was none.</param>
internal sealed record ExportedLog(string Service, string Message, string Trace, IReadOnlyDictionary<string, object> Attributes)
{
    public static IEnumerable<ExportedLog> Of(Logs exported) =>
        from process in exported.Processes
        let service = process.Origin.Attributes.ToValues()["service.name"].ToString()
        from category in process.Categories
        from record in category.Records
        select new ExportedLog(service!, record.Body?.Text ?? "", ExportedSpan.Hex(record.TraceId), record.Attributes.ToValues());
}
