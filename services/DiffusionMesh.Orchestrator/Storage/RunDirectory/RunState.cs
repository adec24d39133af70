using System.Text.Json;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>What changes about a search beside its journal: the file state.json.</summary>
internal sealed record RunState(long Sequence, long Epoch, string Orchestrator, bool CancelRequested)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">It cannot be read.</exception>
    public static RunState Parse(string json) =>
        JsonSerializer.Deserialize<RunState>(json, Json) ?? throw new JsonException("is empty");
}
