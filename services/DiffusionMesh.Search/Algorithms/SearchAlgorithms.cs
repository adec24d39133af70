using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>The algorithms that a search can name.</summary>
public sealed class SearchAlgorithms
{
    private readonly FrozenDictionary<string, ISearchAlgorithm> _byName;

    /// <exception cref="ArgumentException">Two algorithms have the same name.</exception>
    public SearchAlgorithms(params IEnumerable<ISearchAlgorithm> algorithms)
    {
        var unique = new Dictionary<string, ISearchAlgorithm>(StringComparer.Ordinal);
        foreach (var algorithm in algorithms)
        {
            if (!unique.TryAdd(algorithm.Name, algorithm))
            {
                throw new ArgumentException($"more than one algorithm is named '{algorithm.Name}'", nameof(algorithms));
            }
        }

        _byName = unique.ToFrozenDictionary(StringComparer.Ordinal);
        All = [.. unique.Values.OrderBy(algorithm => algorithm.Name, StringComparer.Ordinal)];
    }

    /// <summary>Those of this library.</summary>
    public static SearchAlgorithms Default { get; } = new(new RandomSearch());

    /// <summary>Ordered by name.</summary>
    public ImmutableArray<ISearchAlgorithm> All { get; }

    public bool TryGet(string name, [NotNullWhen(true)] out ISearchAlgorithm? algorithm) =>
        _byName.TryGetValue(name, out algorithm);
}
