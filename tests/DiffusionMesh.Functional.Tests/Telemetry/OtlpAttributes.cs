using DiffusionMesh.Functional.Tests.Telemetry.Otlp;
using Attribute = DiffusionMesh.Functional.Tests.Telemetry.Otlp.Attribute;

namespace DiffusionMesh.Functional.Tests.Telemetry;

/// <summary>Reads attributes off the wire.</summary>
internal static class OtlpAttributes
{
    public static IReadOnlyDictionary<string, object> ToValues(this IEnumerable<Attribute> attributes) => attributes
        .GroupBy(attribute => attribute.Key)
        .ToDictionary(
            named => named.Key,
            named => named.Last().Value switch
            {
                { KindCase: Value.KindOneofCase.Flag } value => value.Flag,
                { KindCase: Value.KindOneofCase.Whole } value => value.Whole,
                { KindCase: Value.KindOneofCase.Real } value => value.Real,
                var value => (object)(value?.Text ?? ""),
            });
}
