using System.Text.Json;

namespace DiffusionMesh.Orchestrator.Storage.RunDirectory;

/// <summary>
/// What searches that were deleted have spent of their tenants' quotas of a day: the file spent.json. It names those whose
/// folders may still wait to be deleted, so that none is counted twice.
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
            _content = (File.Exists(_path) ? JsonSerializer.Deserialize<Content>(File.ReadAllText(_path), Json) : null) ?? new Content(default, [], []);
        }
        catch (JsonException e)
        {
            throw new StorageException($"{_path} cannot be read ({e.Message}). Restore the file from a copy, or delete it: today's quotas then forget deleted searches", e);
        }
    }

    public long NfeOn(DateOnly day, string tenant) => _content.Day == day ? _content.Nfe.GetValueOrDefault(tenant) : 0;

    /// <summary>Counts what a search has spent that is being deleted, unless it is counted.</summary>
    /// <param name="isWaiting">Whether the folder of a search waits to be deleted.</param>
    /// <exception cref="IOException">It is counted, and cannot be written: <see cref="Write"/> it later.</exception>
    public void Count(DateOnly day, string tenant, long nfe, string id, Func<string, bool> isWaiting)
    {
        if (_content.Counted.Contains(id))
        {
            return;
        }

        var spent = _content.Day == day ? new Dictionary<string, long>(_content.Nfe) : [];
        spent[tenant] = spent.GetValueOrDefault(tenant) + nfe;
        _content = new Content(day, spent, [.. _content.Counted.Where(isWaiting), id]);
        Write();
    }

    /// <summary>Makes it durable.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write()
    {
        DurableFiles.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(_content, Json));
        DurableFiles.FlushFolder(Path.GetDirectoryName(_path)!);
    }

    private sealed record Content(DateOnly Day, Dictionary<string, long> Nfe, IReadOnlyList<string> Counted)
    {
        public IReadOnlyList<string> Counted { get; } = Counted ?? [];
    }
}
