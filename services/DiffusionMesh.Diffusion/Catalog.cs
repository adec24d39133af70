using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace DiffusionMesh.Diffusion;

/// <summary>Things that clients choose by name. Names are compared by ordinal and are unique.</summary>
public sealed class Catalog<T>
    where T : INamed
{
    private readonly FrozenDictionary<string, T> _items;

    public Catalog(params ReadOnlySpan<T> items)
    {
        var byName = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            byName.Add(item.Name, item);
        }

        _items = byName.ToFrozenDictionary(StringComparer.Ordinal);
        Names = [.. byName.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The known names, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <exception cref="KeyNotFoundException">The name is unknown; the message lists the known ones.</exception>
    public T this[string name] => _items.TryGetValue(name, out var item)
        ? item
        : throw new KeyNotFoundException($"\"{name}\" is unknown; known are: {string.Join(", ", Names)}");

    public bool TryGet(string name, [MaybeNullWhen(false)] out T item) => _items.TryGetValue(name, out item);
}

/// <summary>What a catalog holds.</summary>
public interface INamed
{
    /// <summary>What clients and manifests write to choose it.</summary>
    string Name { get; }
}
