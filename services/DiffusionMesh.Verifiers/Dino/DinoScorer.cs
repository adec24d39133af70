using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Verifiers.Networks;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Dino;

/// <summary>
/// Logit of a class by a linear head on the frozen embedding of an encoder that was trained by self-distillation without
/// labels (Caron et al., arXiv 2104.14294).
/// </summary>
public sealed class DinoScorer : IScorer, IDisposable
{
    private const string LogitsOutput = "logits";

    private readonly ImageNetwork _encoder;
    private readonly DinoManifest _manifest;

    private DinoScorer(ModelFolder folder, ImageNetwork encoder, string computeClass)
    {
        (_manifest, _encoder) = (folder.Require<DinoManifest>(), encoder);
        Description = new ScorerDescription
        {
            Name = "dino",
            Version = _manifest.Version,
            WeightsDigest = folder.Digest,
            Minimum = _manifest.Score.Range[0],
            Maximum = _manifest.Score.Range[1],
            RealMean = _manifest.Score.RealMean,
            RealStandardDeviation = _manifest.Score.RealStandardDeviation,
            Conditions = [ConditionKind.ClassLabel],
            Images = [RequiredImage.Final],
            InputShape = _manifest.Preprocessing.Shape(),
            ComputeClass = computeClass,
            Description = $"Logit of the class by the linear head of {_manifest.Name}. {_manifest.Description}",
            License = _manifest.License,
        };
    }

    public ScorerDescription Description { get; }

    /// <summary>Loads a model and evaluates it once.</summary>
    /// <param name="folder">A model of kind "dino".</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ModelLoadException">The model does not do what its manifest says.</exception>
    public static DinoScorer Load(ModelFolder folder, VerifierOptions options)
    {
        var manifest = folder.Require<DinoManifest>();
        var encoder = ImageNetwork.Load(folder, DinoManifest.EncoderComponent, manifest.Preprocessing, [LogitsOutput], options);
        if (encoder.Widths[0] == manifest.Classes.Count)
        {
            return new DinoScorer(folder, encoder, ComputeClass.Of(options.Onnx));
        }

        encoder.Dispose();
        throw new ModelLoadException(
            $"components.{DinoManifest.EncoderComponent} gives {encoder.Widths[0]} logits, but {ManifestReader.FileName} names {manifest.Classes.Count} classes");
    }

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations) =>
        ClassLabels.Validate(condition, _manifest.Classes, name => name, field, violations);

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken)
    {
        var label = ((Condition.ClassLabel)task.Condition!).Index;
        var logits = (await _encoder.EvaluateAsync(task.Images(0), cancellationToken))[0];
        var classes = _manifest.Classes.Count;
        return [.. task.Candidates.Select((_, i) => new ScoreOutcome.Value(logits[(i * classes) + label]))];
    }

    public void Dispose() => _encoder.Dispose();
}
