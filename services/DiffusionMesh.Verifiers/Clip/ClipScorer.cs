using System.Collections.Immutable;
using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Inference.Onnx;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Clip;

/// <summary>
/// Agreement of image and condition: w max(cos(image, text), 0), the CLIPScore of Hessel et al. (arXiv 2104.08718,
/// w = 2.5). A class is the mean of its prompts' embeddings.
/// </summary>
public sealed class ClipScorer : IScorer, IDisposable
{
    private readonly ClipTowers _towers;
    private readonly ClipTargets _targets;
    private readonly ClipManifest _manifest;

    private ClipScorer(ClipManifest manifest, string digest, ClipTowers towers, OnnxOptions options)
    {
        (_manifest, _towers) = (manifest, towers);
        _targets = new ClipTargets(towers, manifest.Classes);
        Description = Describe(manifest, digest, ComputeClass.Of(options));
    }

    public ScorerDescription Description { get; }

    /// <summary>Loads a model and evaluates each tower once, so that the first request finds them warm.</summary>
    /// <param name="folder">A model of kind "clip".</param>
    /// <param name="options">How to run it.</param>
    /// <exception cref="ModelLoadException">The model does not do what its manifest says.</exception>
    public static ClipScorer Load(ModelFolder folder, OnnxOptions options)
    {
        var manifest = folder.Require<ClipManifest>();
        var towers = ClipTowers.Load(folder, options);
        try
        {
            towers.WarmUp();
            return new ClipScorer(manifest, folder.Digest, towers, options);
        }
        catch
        {
            towers.Dispose();
            throw;
        }
    }

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations)
    {
        switch (condition)
        {
            case Condition.Prompt prompt when _towers.Problem(prompt.Text) is { } problem:
                violations.Add(field + ".prompt", problem);
                break;

            case Condition.ClassLabel label when label.Index >= _manifest.Classes.Count:
                var classes = string.Join(", ", _manifest.Classes.Select((known, index) => $"{index} ({known.Name})"));
                violations.Add(field + ".class_label", $"is {label.Index}; known: {classes}");
                break;
        }
    }

    public IReadOnlyList<ScoreOutcome> Score(ScoringTask task, CancellationToken cancellationToken)
    {
        var target = _targets.Of(task.Condition);
        cancellationToken.ThrowIfCancellationRequested();
        var embeddings = _towers.EmbedImages([.. task.Candidates.Select(candidate => candidate.Images[0].Pixels)]);
        var outcomes = new ScoreOutcome[task.Candidates.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var cosine = Cosine.Between(embeddings.AsSpan(i * _towers.Dimension, _towers.Dimension), target);
            outcomes[i] = new ScoreOutcome.Value(_manifest.Score.Weight * Math.Max(cosine, 0));
        }

        return outcomes;
    }

    public void Dispose() => _towers.Dispose();

    private static ScorerDescription Describe(ClipManifest manifest, string digest, string computeClass)
    {
        var input = manifest.Preprocessing;
        ImmutableArray<ConditionKind> conditions = manifest.Classes.Count > 0
            ? [ConditionKind.Prompt, ConditionKind.ClassLabel]
            : [ConditionKind.Prompt];
        return new ScorerDescription
        {
            Name = "clip",
            Version = manifest.Version,
            WeightsDigest = digest,
            Minimum = manifest.Score.Range[0],
            Maximum = manifest.Score.Range[1],
            RealMean = manifest.Score.RealMean,
            RealStandardDeviation = manifest.Score.RealStandardDeviation,
            Conditions = conditions,
            Images = [new RequiredImage("final")],
            InputShape = (input.Height, input.Width, input.Channels),
            ComputeClass = computeClass,
            Description = FormattableString.Invariant(
                $"{manifest.Score.Name} of {manifest.Name}: {manifest.Score.Weight} max(cosine of image and text embedding, 0). {manifest.Description}"),
            License = manifest.License,
        };
    }
}
