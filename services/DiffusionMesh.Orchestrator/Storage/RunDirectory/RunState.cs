using System.Text.Json;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>What changes about a search beside its journal: the file state.json.</summary>
/// <param name="Finish">The earliest place of the next search of its tenant and priority.</param>
/// <param name="Charges">What it takes of its tenant's quota: the last for as long as it runs, those before as they came out.</param>
internal sealed record RunState(
    long Sequence, bool CancelRequested, long Finish, IReadOnlyList<NfeCharge>? Charges, bool ImagesDropped = false)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">It cannot be read.</exception>
    public static RunState Parse(string json) =>
        JsonSerializer.Deserialize<RunState>(json, Json) ?? throw new JsonException("is empty");
}
