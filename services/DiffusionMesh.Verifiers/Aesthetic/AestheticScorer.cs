using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Verifiers.Networks;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Aesthetic;

/// <summary>What a head makes of the unit image embedding of a clip model. It looks at the image alone.</summary>
public sealed class AestheticScorer : IScorer, IDisposable
{
    private const string EmbeddingName = "embedding";
    private const string ScoreOutput = "score";

    private readonly ImageNetwork _encoder;
    private readonly SharedNetwork _head;

    private AestheticScorer(ModelFolder head, ModelFolder clip, ImageNetwork encoder, SharedNetwork network, string computeClass)
    {
        (_encoder, _head) = (encoder, network);
        var manifest = head.Require<AestheticManifest>();
        var tower = clip.Require<ClipManifest>();
        Description = new ScorerDescription
        {
            Name = "aesthetic",
            Version = manifest.Version,
            WeightsDigest = WeightsDigest.Of(head.Digest, clip.Digest),
            Minimum = manifest.Score.Range[0],
            Maximum = manifest.Score.Range[1],
            RealMean = manifest.Score.RealMean,
            RealStandardDeviation = manifest.Score.RealStandardDeviation,
            Conditions = ScorerDescription.AnyCondition,
            Images = [RequiredImage.Final],
            InputShape = tower.Preprocessing.Shape(),
            ComputeClass = computeClass,
            Description = $"{manifest.Name} on the unit image embedding of {tower.Name}; the condition is ignored. {manifest.Description}",
            License = manifest.License,
        };
    }

    public ScorerDescription Description { get; }

    /// <summary>Loads both models and evaluates each once.</summary>
    /// <param name="head">A model of kind "aesthetic".</param>
    /// <param name="clip">The model of kind "clip" that the head was trained on.</param>
    /// <param name="options">How to run them.</param>
    /// <exception cref="ModelLoadException">The models do not fit each other, or not what their manifests say.</exception>
    public static AestheticScorer Load(ModelFolder head, ModelFolder clip, VerifierOptions options)
    {
        var tower = clip.Require<ClipManifest>();
        RequireBase(head.Require<AestheticManifest>().Base, tower);
        ImageNetwork? encoder = null;
        SharedNetwork? network = null;
        try
        {
            encoder = ImageNetwork.Load(clip, ClipManifest.ImageEncoderComponent, tower.Preprocessing, [EmbeddingName], options);
            network = SharedNetwork.Load(head, AestheticManifest.HeadComponent, new RowInput(EmbeddingName, encoder.Widths[0]), [ScoreOutput], options);
            return network.Widths[0] == 1
                ? new AestheticScorer(head, clip, encoder, network, ComputeClass.Of(options.Onnx))
                : throw new ModelLoadException($"components.{AestheticManifest.HeadComponent} must give one '{ScoreOutput}' a row, not {network.Widths[0]}");
        }
        catch
        {
            encoder?.Dispose();
            network?.Dispose();
            throw;
        }
    }

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations)
    {
    }

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken)
    {
        var embeddings = (await _encoder.EvaluateAsync(task.Images(0), cancellationToken))[0];
        for (var i = 0; i < task.Candidates.Length; i++)
        {
            ToUnitLength(embeddings.AsSpan(i * _encoder.Widths[0], _encoder.Widths[0]));
        }

        var scores = (await _head.EvaluateAsync(embeddings, cancellationToken))[0];
        return [.. scores.Select(score => new ScoreOutcome.Value(score))];
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _head.Dispose();
    }

    // A head says nothing of embeddings that it was not trained on.
    private static void RequireBase(BaseSpec expected, ClipManifest clip)
    {
        var digest = clip.Components[ClipManifest.ImageEncoderComponent]!.Sha256;
        if (digest != expected.Digest)
        {
            throw new ModelLoadException(
                $"base.digest is {expected.Digest}, of {expected.Model}, but the image encoder of {clip.Name} has {digest}; provide the model that the head was trained on");
        }
    }

    private static void ToUnitLength(Span<float> embedding)
    {
        var length = Math.Sqrt(Cosine.Dot(embedding, embedding));
        foreach (ref var value in embedding)
        {
            value = (float)(value / length);
        }
    }
}
