using System.Globalization;
using System.Reflection;
using DiffusionMesh.Orchestrator.Mesh;

namespace DiffusionMesh.Functional.Tests;

/// <summary>The table of settings in docs/mesh.md.</summary>
public sealed class MeshDocumentTests
{
    public static TheoryData<PropertyInfo> Settings => [.. typeof(MeshOptions).GetProperties()];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Document_Settings_AreListedWithTheirDefaults(PropertyInfo setting)
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "mesh.md"));
        var value = Convert.ToString(setting.GetValue(new MeshOptions()), CultureInfo.InvariantCulture);

        Assert.Contains($"| `{MeshOptions.Section}:{setting.Name}` | {value} |", document, StringComparison.Ordinal);
    }
}
