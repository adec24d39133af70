using System.Text.Json;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>What changes about a search beside its journal: the file state.json.</summary>
/// <param name="Charges">The last for as long as it has not ended, those before as they came out. At least one.</param>
internal sealed record RunState(long Sequence, bool CancelRequested, IReadOnlyList<Charge> Charges, bool ImagesDropped = false)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">It cannot be read.</exception>
    public static RunState Parse(string json) => JsonSerializer.Deserialize<RunState>(json, Json) switch
    {
        null => throw new JsonException("is empty"),
        { Charges: null or [] } none => none with { Charges = [new Charge(default, Nfe: 0, Before: 0, Place: 0, Finish: 0)] },
        var state => state,
    };

    /// <summary>What it takes of what its tenant may have, as far as is known.</summary>
    /// <param name="end">Null if it has not ended.</param>
    public IEnumerable<Charge> Settled(SearchEnd? end) =>
        end is null ? Charges : [.. Charges.SkipLast(1), Charges[^1].Settled(end.NfeTotal)];
}
