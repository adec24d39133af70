using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// The searches of this process, in memory. Of the finished ones only so many are kept, and of their images only so many
/// bytes; a forgotten search forgets its request id as well.
/// </summary>
internal sealed class SearchStore(IOptions<OrchestratorOptions> options)
{
    private const long BytesPerMebibyte = 1 << 20;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, SearchEntry> _bySequence = [];
    private readonly Dictionary<string, SearchEntry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SearchEntry> _byRequestId = new(StringComparer.Ordinal);
    private long _lastSequence;

    public IReadOnlyList<SearchEntry> Running
    {
        get
        {
            lock (_gate)
            {
                return [.. _byId.Values.Where(entry => entry.Record.IsRunning)];
            }
        }
    }

    /// <summary>Adds a search, unless one with its request id is there already.</summary>
    /// <param name="existing">That one.</param>
    public bool TryAdd(SearchEntry entry, [NotNullWhen(false)] out SearchEntry? existing)
    {
        lock (_gate)
        {
            var requestId = entry.Record.RequestId;
            if (requestId.Length > 0 && _byRequestId.TryGetValue(requestId, out existing))
            {
                return false;
            }

            _bySequence.Add(++_lastSequence, entry);
            _byId.Add(entry.Record.Id, entry);
            if (requestId.Length > 0)
            {
                _byRequestId.Add(requestId, entry);
            }

            existing = null;
            return true;
        }
    }

    public SearchEntry? Find(string id)
    {
        lock (_gate)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    public SearchEntry? FindByRequestId(string requestId)
    {
        lock (_gate)
        {
            return requestId.Length == 0 ? null : _byRequestId.GetValueOrDefault(requestId);
        }
    }

    /// <summary>The newest searches older than a sequence number, newest first.</summary>
    /// <param name="before">Null for the newest of all.</param>
    public IReadOnlyList<(long Sequence, SearchEntry Entry)> List(long? before, int count)
    {
        lock (_gate)
        {
            return [.. _bySequence.Reverse()
                .SkipWhile(pair => pair.Key >= before)
                .Take(count)
                .Select(pair => (pair.Key, pair.Value))];
        }
    }

    /// <summary>Forgets the oldest finished searches, and the images of others, as the options say.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            var finished = _bySequence.Where(pair => !pair.Value.Record.IsRunning).ToList();
            foreach (var (sequence, entry) in finished.SkipLast(options.Value.MaxKeptSearches))
            {
                _bySequence.Remove(sequence);
                _byId.Remove(entry.Record.Id);
                _byRequestId.Remove(entry.Record.RequestId);
                entry.Stop.Dispose();
            }

            var left = options.Value.MaxKeptImageMebibytes * BytesPerMebibyte;
            foreach (var (_, entry) in finished.TakeLast(options.Value.MaxKeptSearches).Reverse())
            {
                left -= entry.Record.ImageBytes;
                if (left < 0)
                {
                    entry.Record.DropImages();
                }
            }
        }
    }
}

/// <summary>A search and the way to end it.</summary>
internal sealed record SearchEntry(SearchRecord Record, SearchStop Stop);
