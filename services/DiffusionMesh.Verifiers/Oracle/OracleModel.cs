using DiffusionMesh.Imaging;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Verifiers.Networks;

namespace DiffusionMesh.Verifiers.Oracle;

/// <summary>The classifier that metrics are taken with, and what real images look like to it.</summary>
public sealed class OracleModel : IDisposable
{
    private const string FeaturesOutput = "features";
    private const string LogitsOutput = "logits";

    private readonly ImageNetwork _network;

    private OracleModel(ModelFolder folder, ImageNetwork network, OracleReferences references, string computeClass) =>
        (Manifest, Digest, _network, References, ComputeClass) = (folder.Require<ClassifierManifest>(), folder.Digest, network, references, computeClass);

    internal ClassifierManifest Manifest { get; }

    internal string Digest { get; }

    internal OracleReferences References { get; }

    internal string ComputeClass { get; }

    /// <summary>D, the length of a feature vector.</summary>
    internal int Dimension => _network.Widths[0];

    /// <summary>K, how many classes there are.</summary>
    internal int Classes => _network.Widths[1];

    /// <summary>Loads a model and evaluates it once.</summary>
    /// <param name="folder">A model of kind "classifier" with references.</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ModelLoadException">The model does not do what its manifest says.</exception>
    public static OracleModel Load(ModelFolder folder, VerifierOptions options)
    {
        var manifest = folder.Require<ClassifierManifest>();
        var references = OracleReferences.Read(folder, manifest);
        var network = ImageNetwork.Load(folder, ClassifierManifest.FeaturesComponent, manifest.Preprocessing, [FeaturesOutput, LogitsOutput], options);
        var model = new OracleModel(folder, network, references, Inference.Onnx.ComputeClass.Of(options.Onnx));
        if (model.Classes == manifest.Classes.Count && model.Dimension == references.Statistics.Dimension)
        {
            return model;
        }

        model.Dispose();
        throw new ModelLoadException(
            $"components.{ClassifierManifest.FeaturesComponent} gives {model.Dimension} features and {model.Classes} logits, but the references have {references.Statistics.Dimension} features and {ManifestReader.FileName} names {manifest.Classes.Count} classes");
    }

    public void Dispose() => _network.Dispose();

    /// <summary>Evaluates images together with those of other calls.</summary>
    /// <returns>Features [N, D] and logits [N, K].</returns>
    internal async Task<(float[] Features, float[] Logits)> EvaluateAsync(IReadOnlyList<PixelImage> images, CancellationToken cancellationToken)
    {
        var outputs = await _network.EvaluateAsync(images, cancellationToken);
        return (outputs[0], outputs[1]);
    }
}
