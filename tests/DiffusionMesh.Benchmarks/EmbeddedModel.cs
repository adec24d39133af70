using DiffusionMesh.Benchmarks.Simulated;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks;

/// <summary>The model that most benchmarks run.</summary>
internal static class EmbeddedModel
{
    public const string Name = "fashion-flow";

    /// <summary>The class that is asked for.</summary>
    public const int ClassLabel = 9;

    public static string Folder { get; } = Path.Combine(FiguresPage.Build("RepositoryRoot"), "models", Name);

    /// <param name="network">Takes the place of the model's own network, if given.</param>
    public static DiffusionModel Load(IDenoiserNetwork? network = null) => DiffusionModel.Load(
        ModelFolder.Open(Folder), new DiffusionModelOptions { Network = network is null ? null : own => new Instead(own, network) });
}
