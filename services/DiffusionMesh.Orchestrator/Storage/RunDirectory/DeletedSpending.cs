using System.Text.Json;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>
/// What searches that were deleted have spent of their tenants' quotas of a day: the file spent.json. It names the search that
/// is being deleted, so that one whose deletion a crash broke off is not counted twice.
/// </summary>
internal sealed class DeletedSpending
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string _path;
    private Content _content;

    /// <param name="directory">Of the data.</param>
    /// <exception cref="StorageException">The file cannot be read.</exception>
    public DeletedSpending(string directory)
    {
        _path = Path.Combine(directory, "spent.json");
        try
        {
            _content = File.Exists(_path) ? JsonSerializer.Deserialize<Content>(File.ReadAllText(_path), Json)! : new Content(default, [], "");
        }
        catch (JsonException e)
        {
            throw new StorageException($"{_path} cannot be read ({e.Message}). Restore the file from a copy, or delete it: today's quotas then forget deleted searches", e);
        }
    }

    /// <summary>Identifier of the search that was deleted last; empty if none was.</summary>
    public string Deleting => _content.Deleting;

    public long NfeOn(DateOnly day, string tenant) => _content.Day == day ? _content.Nfe.GetValueOrDefault(tenant) : 0;

    /// <summary>Notes what a search has spent that is deleted next.</summary>
    public void Add(DateOnly day, string tenant, long nfe, string id)
    {
        var spent = _content.Day == day ? new Dictionary<string, long>(_content.Nfe) : [];
        spent[tenant] = spent.GetValueOrDefault(tenant) + nfe;
        var content = new Content(day, spent, id);
        DurableFiles.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(content, Json));
        DurableFiles.FlushFolder(Path.GetDirectoryName(_path)!);
        _content = content;
    }

    private sealed record Content(DateOnly Day, Dictionary<string, long> Nfe, string Deleting);
}
