using System.Reflection;
using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.ServiceDefaults.Tests;

public sealed class TelemetryDocumentTests
{
    public static TheoryData<string> Attributes => new(typeof(DiffusionMeshTelemetry)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(constant => constant.IsLiteral)
        .Select(constant => (string)constant.GetRawConstantValue()!)
        .Where(name => name.StartsWith("diffusionmesh.", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Attributes))]
    public void Document_EveryAttribute_IsInItsTable(string attribute)
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "telemetry.md"));

        Assert.Contains($"| `{attribute}` |", document, StringComparison.Ordinal);
    }
}
