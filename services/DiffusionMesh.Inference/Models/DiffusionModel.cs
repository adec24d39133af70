using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Inference.Text;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace DiffusionMesh.Inference.Models;

/// <summary>A diffusion model that is loaded, warmed up and ready to evaluate.</summary>
public sealed class DiffusionModel : IDisposable
{
    private const string TokensInput = "tokens";

    private readonly IDenoiserNetwork _denoiser;
    private readonly OnnxModel? _textEncoder;
    private readonly string? _embeddingOutput;
    private readonly ImageDecoder _decoder;
    private readonly int _maxBatchRows;

    private DiffusionModel(
        DenoiserManifest manifest,
        string digest,
        DiffusionModelOptions options,
        IDenoiserNetwork denoiser,
        OnnxModel? textEncoder,
        WordTokenizer? tokenizer,
        ImageDecoder decoder)
    {
        _maxBatchRows = options.MaxBatchRows;
        (Manifest, Digest, Tokenizer) = (manifest, digest, tokenizer);
        (_denoiser, _textEncoder, _decoder) = (denoiser, textEncoder, decoder);
        Form = Form.All[manifest.Form.Type];
        Prediction = manifest.SigmaData is { } sigmaData ? Prediction.Edm(sigmaData) : Prediction.All[manifest.Prediction];
        Schedule = Schedule.All[manifest.Schedule.Type];
        Amed = AmedSpec.Parameters(manifest.Amed);
        Shape = new LatentShape(manifest.Latent.Shape[0], manifest.Latent.Shape[1], manifest.Latent.Shape[2]);
        _embeddingOutput = textEncoder?.Outputs.Keys.Single();
        ComputeClass = Onnx.ComputeClass.Of(options.Onnx);
        Provider = options.Onnx.Provider;
        BatchCurve = new BatchCurve([], options.MaxBatchRows);
        Unconditional = new ConditionEmbedding(manifest.Conditioning.ClassNone ?? 0, default);
    }

    public DenoiserManifest Manifest { get; }

    /// <inheritdoc cref="ModelFolder.Digest"/>
    public string Digest { get; }

    public Form Form { get; }

    public Prediction Prediction { get; }

    public Schedule Schedule { get; }

    /// <summary>What was fitted for the sampler "amed"; null if nothing was.</summary>
    public AmedParameters? Amed { get; }

    /// <summary>Shape of a state at the trained resolution.</summary>
    public LatentShape Shape { get; }

    /// <summary>Null if the model takes no prompt.</summary>
    public WordTokenizer? Tokenizer { get; }

    /// <summary>Whether a row's bits depend on its neighbours.</summary>
    public Determinism Determinism { get; private set; }

    /// <summary>How long evaluations take. Empty if it was not to be measured.</summary>
    public BatchCurve BatchCurve { get; private set; }

    /// <summary>What it is computed on; never <see cref="OnnxProvider.Auto"/>.</summary>
    public OnnxProvider Provider { get; }

    /// <summary>
    /// Names the arithmetic: within one class the same input gives the same bits, unless <see cref="Determinism"/> is
    /// <see cref="Determinism.None"/>.
    /// </summary>
    public string ComputeClass { get; private set; }

    /// <summary>What its operator should know of how it was loaded; empty if all is well.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>"No condition".</summary>
    public ConditionEmbedding Unconditional { get; }

    /// <summary>Loads the networks and evaluates each once, so that the first request finds them warm.</summary>
    /// <exception cref="ModelLoadException">The folder's networks do not do what its manifest says.</exception>
    public static DiffusionModel Load(ModelFolder folder, DiffusionModelOptions options)
    {
        var manifest = folder.Require<DenoiserManifest>();
        if ((long)options.MaxBatchRows * manifest.Latent.Elements > Array.MaxLength)
        {
            throw new ModelLoadException($"latent.shape is too large for batches of {options.MaxBatchRows} rows: allow fewer");
        }

        var given = options.Onnx;
        options = options with { Onnx = given.Decide() };
        var others = options.Onnx with { CudaGraphs = false };
        IDenoiserNetwork? denoiser = null;
        OnnxModel? textEncoder = null;
        ImageDecoder? decoder = null;
        try
        {
            denoiser = new OnnxDenoiserNetwork(folder.LoadNetwork(DenoiserManifest.DenoiserComponent, options.Onnx), manifest);
            denoiser = options.Network?.Invoke(denoiser) ?? denoiser;
            WordTokenizer? tokenizer = null;
            if (manifest.Conditioning.Text is { } text)
            {
                // One prompt is too little work for more than one thread.
                textEncoder = folder.LoadNetwork(DenoiserManifest.TextEncoderComponent, others with { Threads = 1 });
                OnnxPort.Require(
                    textEncoder,
                    DenoiserManifest.TextEncoderComponent,
                    [new OnnxPort(TokensInput, TensorElementType.Int64, null, null)],
                    new OnnxPort(null, TensorElementType.Float, null, text.Dimension));
                tokenizer = folder.LoadTokenizer(text.Tokenizer);
            }

            decoder = new ImageDecoder(
                manifest.HasDecoder ? folder.LoadNetwork(DenoiserManifest.DecoderComponent, others) : null, manifest);
            var model = new DiffusionModel(manifest, folder.Digest, options, denoiser, textEncoder, tokenizer, decoder);
            model.Warnings = given.Provider == OnnxProvider.Auto && options.Onnx.FallbackReason is { } reason ? [reason] : [];
            model.WarmUp(options.Deterministic);
            model.Measure(options);
            return model;
        }
        catch
        {
            denoiser?.Dispose();
            textEncoder?.Dispose();
            decoder?.Dispose();
            throw;
        }
    }

    /// <summary>A condition that is a class.</summary>
    public ConditionEmbedding EmbedClass(int label) => Unconditional with { ClassLabel = label };

    /// <summary>A condition that is a prompt, as the model's own tokenizer encoded it. May run beside evaluations.</summary>
    /// <exception cref="InvalidOperationException">The model takes no prompt.</exception>
    public ConditionEmbedding EmbedPrompt(TokenizedPrompt prompt)
    {
        if (_textEncoder is null)
        {
            throw new InvalidOperationException($"model {Manifest.Name} takes no prompt");
        }

        var embedding = new float[Manifest.Conditioning.Text!.Dimension];
        _textEncoder.Run(
            [new OnnxTensor(TokensInput, prompt.Tokens, 1, prompt.Tokens.Length)],
            [new OnnxTensor(_embeddingOutput!, embedding, 1, embedding.Length)]);
        return Unconditional with { Text = embedding };
    }

    /// <param name="maxRows">Most rows, at most <see cref="DiffusionModelOptions.MaxBatchRows"/>.</param>
    /// <param name="shape">Of every row's state.</param>
    public NetworkBatch CreateBatch(int maxRows, LatentShape shape)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxRows, _maxBatchRows);
        return new NetworkBatch(maxRows, Determinism == Determinism.Padded ? _maxBatchRows : 0, shape, Manifest.Conditioning.Text?.Dimension ?? 0);
    }

    /// <summary>Evaluates the denoiser on all rows of a batch. Not for two threads at a time.</summary>
    /// <exception cref="InvalidOperationException">The network cannot be evaluated on them.</exception>
    public void Evaluate(NetworkBatch batch)
    {
        batch.Pad();
        _denoiser.Evaluate(batch);
    }

    /// <summary>Makes an evaluation under way, and all to come, fail soon: before a server stops.</summary>
    public void Terminate() => _denoiser.Terminate();

    /// <summary>Shape of the image that a latent becomes.</summary>
    public ImageShape ImageShapeOf(LatentShape latent) => _decoder.ShapeOf(latent);

    /// <summary>Turns a finished state or an x-prediction into an image. May run beside evaluations.</summary>
    /// <param name="latent">[C, H, W].</param>
    /// <param name="shape">Of the latent.</param>
    /// <returns>[H, W, C], as <see cref="ImageShapeOf"/> says.</returns>
    public byte[] Decode(ReadOnlyMemory<float> latent, LatentShape shape) => _decoder.Decode([latent], shape)[0];

    /// <summary>Turns several into images, a few at a time.</summary>
    /// <inheritdoc cref="Decode(ReadOnlyMemory{float}, LatentShape)"/>
    /// <param name="latents">Each [C, H, W].</param>
    public byte[][] Decode(ReadOnlySpan<ReadOnlyMemory<float>> latents, LatentShape shape) => _decoder.Decode(latents, shape);

    public void Dispose()
    {
        _denoiser.Dispose();
        _textEncoder?.Dispose();
        _decoder.Dispose();
    }

    private void WarmUp(bool deterministic)
    {
        try
        {
            var condition = Tokenizer is null ? Unconditional : EmbedPrompt(Tokenizer.Encode(""));
            using var batch = CreateBatch(1, Shape);
            batch.Add(new float[Shape.Elements], Form.NoisiestTime, condition);
            Evaluate(batch);
            if (batch.Prediction(0).ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            {
                throw new ModelLoadException("the denoiser predicts values that are not finite");
            }

            _decoder.Measure(Shape, deterministic);
        }
        catch (InvalidOperationException e)
        {
            throw new ModelLoadException($"the networks do not fit the manifest: {e.Message}", e);
        }
    }

    private void Measure(DiffusionModelOptions options)
    {
        var rows = new ProbeRows(this, options.MaxBatchRows);
        Determinism = new DeterminismProbe(rows.Evaluate, options.MaxBatchRows).Measure(options.Deterministic);
        if (Determinism == Determinism.Padded)
        {
            ComputeClass += $"/rows-{options.MaxBatchRows}";
        }
        else if (Determinism == Determinism.None)
        {
            ComputeClass += "/batch-dependent";
            Warnings = [.. Warnings, "what a row becomes depends on the rows beside it: results do not repeat bit by bit"];
        }

        BatchCurve = options.MeasureBatchCurve ? rows.MeasureCurve() : BatchCurve;
    }
}
