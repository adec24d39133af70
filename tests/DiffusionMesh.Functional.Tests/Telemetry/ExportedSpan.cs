using System.Globalization;
using DiffusionMesh.Functional.Tests.Telemetry.Otlp;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>A span as a collector gets it. Identifiers are hexadecimal digits.</summary>
/// <param name="Service">Name of the service that exported it.</param>
/// <param name="Parent">Empty for a root.</param>
/// <param name="Links">Spans that it is linked to.</param>
/// <param name="Error">What its error says; empty if there is none.</param>
internal sealed record ExportedSpan(
    string Service,
    string Name,
    string Trace,
    string Id,
    string Parent,
    IReadOnlyList<string> Links,
    IReadOnlyDictionary<string, object> Attributes,
    bool IsError,
    string Error)
{
    public string? this[string attribute] =>
        Attributes.TryGetValue(attribute, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    public long Number(string attribute) => Attributes.TryGetValue(attribute, out var value) ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : 0;

    public static IEnumerable<ExportedSpan> Of(Spans exported) =>
        from process in exported.Processes
        let service = process.Origin.Attributes.ToValues()["service.name"].ToString()
        from source in process.Sources
        from span in source.Spans
        select new ExportedSpan(
            service!,
            span.Name,
            Hex(span.TraceId),
            Hex(span.SpanId),
            Hex(span.ParentSpanId),
            [.. span.Links.Select(link => Hex(link.SpanId))],
            span.Attributes.ToValues(),
            span.Status?.Code == 2,
            span.Status?.Message ?? "");

    public static string Hex(Google.Protobuf.ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
