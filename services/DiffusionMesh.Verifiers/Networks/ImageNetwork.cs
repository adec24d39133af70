using DiffusionMesh.Imaging;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Verifiers.Preprocessing;

namespace DiffusionMesh.Verifiers.Networks;

/// <summary>A network over images of any size, which all calls share.</summary>
internal sealed class ImageNetwork : IDisposable
{
    private const string ImagesInput = "images";

    private readonly SharedNetwork _network;
    private readonly ImagePreprocessing _preprocessing;

    private ImageNetwork(SharedNetwork network, ImagePreprocessing preprocessing) => (_network, _preprocessing) = (network, preprocessing);

    /// <summary>Numbers that an image becomes in each output, in the order in which they were asked for.</summary>
    public IReadOnlyList<int> Widths => _network.Widths;

    /// <inheritdoc cref="SharedNetwork.Load"/>
    public static ImageNetwork Load(ModelFolder folder, string role, PreprocessingSpec spec, string[] outputs, VerifierOptions options) => new(
        SharedNetwork.Load(folder, role, new RowInput(ImagesInput, spec.Channels, spec.Height, spec.Width), outputs, options),
        new ImagePreprocessing(spec.Width, spec.Height, spec.Channels, spec.Range[0], spec.Range[1]));

    /// <summary>Evaluates images together with those of other calls.</summary>
    /// <returns>[N, width] of each output.</returns>
    public Task<float[][]> EvaluateAsync(IReadOnlyList<PixelImage> images, CancellationToken cancellationToken)
    {
        var rows = new float[images.Count * _preprocessing.Length];
        for (var i = 0; i < images.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _preprocessing.Fill(images[i], rows.AsSpan(i * _preprocessing.Length, _preprocessing.Length));
        }

        return _network.EvaluateAsync(rows, cancellationToken);
    }

    public void Dispose() => _network.Dispose();
}
