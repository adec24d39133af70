using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Verifiers.Networks;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.SelfSupervised;

/// <summary>
/// Cosine between the embeddings of an x-prediction at a low noise level and of the finished sample (Ma et al., arXiv
/// 2501.09732). It needs no condition.
/// </summary>
public sealed class SelfSupervisedScorer : IScorer, IDisposable
{
    private const string ScorerName = "self-supervised";
    private const string EmbeddingOutput = "embedding";

    private readonly ImageNetwork _encoder;

    private SelfSupervisedScorer(ImageNetwork encoder, ScorerDescription description) => (_encoder, Description) = (encoder, description);

    public ScorerDescription Description { get; }

    /// <summary>Loads a model and evaluates it once.</summary>
    /// <param name="folder">A model of kind "dino" or "clip".</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ModelLoadException">The model does not do what its manifest says, or is of another kind.</exception>
    public static SelfSupervisedScorer Load(ModelFolder folder, VerifierOptions options)
    {
        var (role, preprocessing, comparison) = folder.Manifest is DinoManifest dino
            ? (DinoManifest.EncoderComponent, dino.Preprocessing, dino.SelfSupervised ?? new SelfSupervisedSpec())
            : (ClipManifest.ImageEncoderComponent, folder.Require<ClipManifest>().Preprocessing, new SelfSupervisedSpec());
        var encoder = ImageNetwork.Load(folder, role, preprocessing, [EmbeddingOutput], options);
        return new SelfSupervisedScorer(encoder, Describe(folder, preprocessing, comparison, ComputeClass.Of(options.Onnx)));
    }

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations)
    {
    }

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken)
    {
        var count = task.Candidates.Length;
        var embeddings = (await _encoder.EvaluateAsync([.. task.Images(0), .. task.Images(1)], cancellationToken))[0];
        var width = _encoder.Widths[0];
        var outcomes = new ScoreOutcome[count];
        for (var i = 0; i < count; i++)
        {
            outcomes[i] = new ScoreOutcome.Value(Cosine.Between(
                embeddings.AsSpan(i * width, width),
                embeddings.AsSpan((count + i) * width, width)));
        }

        return outcomes;
    }

    public void Dispose() => _encoder.Dispose();

    private static ScorerDescription Describe(ModelFolder folder, PreprocessingSpec preprocessing, SelfSupervisedSpec comparison, string computeClass) => new()
    {
        Name = ScorerName,
        Version = folder.Manifest.Version,
        WeightsDigest = WeightsDigest.Of(folder.Digest, ScorerName),
        Minimum = -1,
        Maximum = 1,
        RealMean = comparison.RealMean,
        RealStandardDeviation = comparison.RealStandardDeviation,
        Conditions = ScorerDescription.AnyCondition,
        Images = [RequiredImage.XPrediction(comparison.NoiseLevel), RequiredImage.Final],
        InputShape = preprocessing.Shape(),
        ComputeClass = computeClass,
        Description = FormattableString.Invariant(
            $"Cosine of the embeddings by {folder.Manifest.Name} of the x-prediction at noise level {comparison.NoiseLevel} and the finished sample; the condition is ignored."),
        License = folder.Manifest.License,
    };
}
