using DiffusionMesh.Imaging;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Inference.Text;
using DiffusionMesh.Verifiers.Preprocessing;

namespace DiffusionMesh.Verifiers.Clip;

/// <summary>An image tower and a text tower whose embeddings, [D], agree where a text is true of an image.</summary>
internal sealed class ClipTowers : IDisposable
{
    private const string ImagesInput = "images";
    private const string TokensInput = "tokens";
    private const string EmbeddingOutput = "embedding";

    private readonly OnnxModel _images;
    private readonly OnnxModel _texts;
    private readonly ImagePreprocessing _preprocessing;
    private readonly string _prefix;
    private readonly WordTokenizer _tokenizer;

    private ClipTowers(ClipManifest manifest, WordTokenizer tokenizer, OnnxModel images, OnnxModel texts)
    {
        var spec = manifest.Preprocessing;
        _preprocessing = new ImagePreprocessing(spec.Width, spec.Height, spec.Channels, spec.Range[0], spec.Range[1]);
        (_prefix, _tokenizer, _images, _texts) = (manifest.Score.Prefix, tokenizer, images, texts);
        Dimension = RequireEmbedding(images, ImagesInput, ClipManifest.ImageEncoderComponent);
        var textDimension = RequireEmbedding(texts, TokensInput, ClipManifest.TextEncoderComponent);
        if (textDimension != Dimension)
        {
            throw new ModelLoadException($"the towers disagree: images become {Dimension} numbers, texts {textDimension}");
        }
    }

    /// <summary>D, the length of every embedding.</summary>
    public int Dimension { get; }

    /// <summary>Loads the towers.</summary>
    /// <exception cref="ModelLoadException">They do not do what the manifest says.</exception>
    public static ClipTowers Load(ModelFolder folder, OnnxOptions options)
    {
        var manifest = folder.Require<ClipManifest>();
        OnnxModel? images = null, texts = null;
        try
        {
            images = folder.LoadNetwork(ClipManifest.ImageEncoderComponent, options);

            // One prompt is too little work for more than one thread.
            texts = folder.LoadNetwork(ClipManifest.TextEncoderComponent, options with { Threads = 1 });
            return new ClipTowers(manifest, folder.LoadTokenizer(manifest.Tokenizer), images, texts);
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

    /// <summary>Embeds images in one evaluation. An image's embedding does not depend on its neighbours.</summary>
    /// <returns>[N, D].</returns>
    public float[] EmbedImages(IReadOnlyList<PixelImage> images)
    {
        var input = new float[images.Count * _preprocessing.Length];
        for (var i = 0; i < images.Count; i++)
        {
            _preprocessing.Fill(images[i], input.AsSpan(i * _preprocessing.Length, _preprocessing.Length));
        }

        var embeddings = new float[images.Count * Dimension];
        _images.Run(
            [new OnnxTensor(ImagesInput, input, images.Count, _preprocessing.Channels, _preprocessing.Height, _preprocessing.Width)],
            [new OnnxTensor(EmbeddingOutput, embeddings, images.Count, Dimension)]);
        return embeddings;
    }

    /// <summary>Evaluates each tower once.</summary>
    /// <exception cref="ModelLoadException">They cannot be evaluated with what the manifest says.</exception>
    public void WarmUp()
    {
        try
        {
            EmbedImages([new PixelImage(1, 1, 1, new byte[1])]);
            EmbedText(string.Empty);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelLoadException($"the networks do not fit the manifest: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _images.Dispose();
        _texts.Dispose();
    }

    private static int RequireEmbedding(OnnxModel network, string input, string role) =>
        network.Inputs.Keys.SequenceEqual([input])
            && network.Outputs.TryGetValue(EmbeddingOutput, out var shape)
            && shape is [_, > 0 and <= 1 << 16]
            ? (int)shape[1]
            : throw new ModelLoadException($"components.{role} must take '{input}' alone and give '{EmbeddingOutput}' of a fixed length");

    private TokenizedPrompt Tokenize(string prompt) => _tokenizer.Encode(_prefix + prompt);
}
