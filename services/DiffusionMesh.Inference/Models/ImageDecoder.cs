using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Onnx;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionMesh.Inference.Models;

/// <summary>
/// Turns latents into images. The data of a latent, latent / scale + shift, are the image itself or, for a model with a
/// decoder, the input "z" [N, C, h, w] of a network whose output "image" is [N, channels, H, W]. May be used by several
/// threads.
/// </summary>
internal sealed class ImageDecoder : IDisposable
{
    private const string Input = "z";
    private const string Output = "image";

    // More at once hardly pays: a decoder's activations are as large as images.
    private const int MostAtOnce = 4;

    private readonly OnnxModel? _network;
    private readonly LatentSpec _latents;
    private readonly ImageSpec _images;
    private readonly int _factor;
    private int _atOnce = 1;

    /// <param name="network">Disposed of with this object; null for a model that works on pixels.</param>
    /// <exception cref="ModelLoadException">The network has other inputs or outputs.</exception>
    public ImageDecoder(OnnxModel? network, DenoiserManifest manifest)
    {
        (_network, _latents, _images, _factor) = (network, manifest.Latent, manifest.Image, manifest.ImageFactor);
        if (network is not null)
        {
            OnnxPort.Require(
                network,
                DenoiserManifest.DecoderComponent,
                [new OnnxPort(Input, TensorElementType.Float, [null, .. _latents.Shape])],
                new OnnxPort(Output, TensorElementType.Float, null, _images.Channels, _images.Height, _images.Width));
        }
    }

    /// <summary>Finds out how many latents may be decoded at once, and that the network does what the manifest says.</summary>
    /// <param name="shape">At the trained resolution.</param>
    /// <param name="deterministic">Whether an image must have the same bits alone and beside others.</param>
    /// <exception cref="InvalidOperationException">The network cannot decode such latents.</exception>
    public void Measure(LatentShape shape, bool deterministic)
    {
        if (_network is null)
        {
            return;
        }

        float[][] Evaluate(int rows, int[] positions, int neighbours)
        {
            var data = new float[rows * shape.Elements];
            for (var row = 0; row < rows; row++)
            {
                var number = positions.Contains(row) ? 0 : (neighbours * MostAtOnce) + row + 1;
                NoiseAddress.Of(0, (uint)number).Fill(data.AsSpan(row * shape.Elements, shape.Elements));
            }

            var images = Run(data, rows, shape);
            var size = images.Length / rows;
            return [.. positions.Select(row => images[(row * size)..((row + 1) * size)])];
        }

        _atOnce = !deterministic || new DeterminismProbe(Evaluate, MostAtOnce).Measure(mayPad: false) == Determinism.Exact ? MostAtOnce : 1;
        Evaluate(1, [0], 0);
    }

    public ImageShape ShapeOf(LatentShape latent) => new(latent.Height * _factor, latent.Width * _factor, _images.Channels);

    /// <param name="latents">Each [C, H, W].</param>
    /// <param name="shape">Of all of them.</param>
    /// <returns>Of each its image, [H, W, C].</returns>
    /// <exception cref="InvalidOperationException">The network cannot decode such latents.</exception>
    public byte[][] Decode(ReadOnlySpan<ReadOnlyMemory<float>> latents, LatentShape shape)
    {
        var images = new byte[latents.Length][];
        for (var first = 0; first < latents.Length; first += _atOnce)
        {
            var rows = Math.Min(_atOnce, latents.Length - first);
            var data = new float[rows * shape.Elements];
            for (var row = 0; row < rows; row++)
            {
                ToData(latents[first + row].Span, data.AsSpan(row * shape.Elements, shape.Elements));
            }

            var values = _network is null ? data : Run(data, rows, shape);
            var size = values.Length / rows;
            for (var row = 0; row < rows; row++)
            {
                images[first + row] = PixelMapping.ToPixels(values.AsSpan(row * size, size), ShapeOf(shape), _images.Range);
            }
        }

        return images;
    }

    public void Dispose() => _network?.Dispose();

    private float[] Run(float[] data, int rows, LatentShape shape)
    {
        var image = ShapeOf(shape);
        var values = new float[rows * image.Elements];
        _network!.Run(
            [new OnnxTensor(Input, data, rows, shape.Channels, shape.Height, shape.Width)],
            [new OnnxTensor(Output, values, rows, image.Channels, image.Height, image.Width)]);
        return values;
    }

    private void ToData(ReadOnlySpan<float> latent, Span<float> data)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(latent.Length, data.Length, nameof(latent));
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (float)((latent[i] / _latents.Scale) + _latents.Shift);
        }
    }
}
