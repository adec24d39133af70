using System.Collections;

namespace DiffusionMesh.Orchestrator.Telemetry;

/// <summary>What lines of the log are about: collectors get attributes, the console reads them as text.</summary>
internal sealed class LogScope(params KeyValuePair<string, object?>[] attributes) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => attributes.Length;

    public KeyValuePair<string, object?> this[int index] => attributes[index];

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => attributes.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"));
}
