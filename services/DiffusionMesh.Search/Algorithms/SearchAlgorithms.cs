using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>The algorithms that a search can name.</summary>
public static class SearchAlgorithms
{
    public static Catalog<ISearchAlgorithm> All { get; } = new(
        new RandomSearch(),
        new ZeroOrderSearch(),
        new SearchOverPaths(),
        new FkSteering(),
        new TreeSearch());
}
