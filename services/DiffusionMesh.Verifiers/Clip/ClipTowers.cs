using DiffusionMesh.Imaging;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Inference.Text;
using DiffusionMesh.Verifiers.Networks;

namespace DiffusionMesh.Verifiers.Clip;

/// <summary>An image tower and a text tower whose embeddings, [D], agree where a text is true of an image.</summary>
internal sealed class ClipTowers : IDisposable
{
    private const string TokensInput = "tokens";
    private const string EmbeddingOutput = "embedding";

    private readonly ImageNetwork _images;
    private readonly OnnxModel _texts;
    private readonly string _prefix;
    private readonly WordTokenizer _tokenizer;

    private ClipTowers(ClipManifest manifest, WordTokenizer tokenizer, ImageNetwork images, OnnxModel texts)
    {
        (_prefix, _tokenizer, _images, _texts) = (manifest.Score.Prefix, tokenizer, images, texts);
        Dimension = images.Widths[0];
        var textDimension = RequireTextEmbedding(texts);
        if (textDimension != Dimension)
        {
            throw new ModelLoadException($"the towers disagree: images become {Dimension} numbers, texts {textDimension}");
        }
    }

    /// <summary>The arithmetic of both towers.</summary>
    public required string ComputeClass { get; init; }

    /// <summary>D, the length of every embedding.</summary>
    public int Dimension { get; }

    /// <summary>Loads the towers and evaluates each once.</summary>
    /// <exception cref="ModelLoadException">They do not do what the manifest says.</exception>
    public static ClipTowers Load(ModelFolder folder, VerifierOptions options)
    {
        var manifest = folder.Require<ClipManifest>();
        ImageNetwork? images = null;
        OnnxModel? texts = null;
        try
        {
            images = ImageNetwork.Load(folder, ClipManifest.ImageEncoderComponent, manifest.Preprocessing, [EmbeddingOutput], options);

            // One prompt is too little work for more than one thread, and for a device.
            var processor = options.Onnx with { Threads = 1, Provider = OnnxProvider.Cpu };
            texts = folder.LoadNetwork(ClipManifest.TextEncoderComponent, processor);
            var towers = new ClipTowers(manifest, folder.LoadTokenizer(manifest.Tokenizer), images, texts)
            {
                ComputeClass = options.Onnx.Decide().Provider == OnnxProvider.Cpu
                    ? Inference.Onnx.ComputeClass.Of(options.Onnx)
                    : $"{Inference.Onnx.ComputeClass.Of(options.Onnx)}+{Inference.Onnx.ComputeClass.Of(processor)}",
            };
            towers.WarmUpTexts();
            return towers;
        }
        catch
        {
            images?.Dispose();
            texts?.Dispose();
            throw;
        }
    }

    /// <summary>What keeps a prompt from being understood, to follow the prompt's name; null if nothing does.</summary>
    public string? Problem(string prompt) => Tokenize(prompt).Problem;

    /// <summary>Embeds a prompt that has no problem.</summary>
    /// <returns>[D].</returns>
    public float[] EmbedText(string prompt)
    {
        var tokens = Tokenize(prompt).Tokens;
        var embedding = new float[Dimension];
        _texts.Run([new OnnxTensor(TokensInput, tokens, 1, tokens.Length)], [new OnnxTensor(EmbeddingOutput, embedding, 1, Dimension)]);
        return embedding;
    }

    /// <summary>Embeds images together with those of other calls. An image's embedding does not depend on its neighbours.</summary>
    /// <returns>[N, D].</returns>
    public async Task<float[]> EmbedImagesAsync(IReadOnlyList<PixelImage> images, CancellationToken cancellationToken) =>
        (await _images.EvaluateAsync(images, cancellationToken))[0];

    public void Dispose()
    {
        _images.Dispose();
        _texts.Dispose();
    }

    private static int RequireTextEmbedding(OnnxModel network) =>
        network.Inputs.Keys.SequenceEqual([TokensInput])
            && network.Outputs.TryGetValue(EmbeddingOutput, out var shape)
            && shape is [_, > 0 and <= 1 << 16]
            ? (int)shape[1]
            : throw new ModelLoadException(
                $"components.{ClipManifest.TextEncoderComponent} must take '{TokensInput}' alone and give '{EmbeddingOutput}' of a fixed length");

    private void WarmUpTexts()
    {
        try
        {
            EmbedText(string.Empty);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelLoadException($"components.{ClipManifest.TextEncoderComponent} does not fit the manifest: {e.Message}", e);
        }
    }

    private TokenizedPrompt Tokenize(string prompt) => _tokenizer.Encode(_prefix + prompt);
}
