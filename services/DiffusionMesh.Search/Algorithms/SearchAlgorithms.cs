using DiffusionMesh.Diffusion;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>The algorithms that a search can name.</summary>
public static class SearchAlgorithms
{
    public static Catalog<ISearchAlgorithm> All { get; } = new(
        new EpsilonGreedySearch(),
        new EvolutionarySearch(),
        new FkSteering(),
        new RandomSearch(),
        new SearchOverPaths(),
        new SuccessiveHalving(),
        new TreeSearch(),
        new ZeroOrderSearch());
}
