using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Inference;
using DiffusionMesh.Inference.Manifests;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.Verifiers.Networks;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Clip;

/// <summary>
/// Agreement of image and condition. CLIPScore: w max(cos(image, text), 0) (Hessel et al., arXiv 2104.08718, w = 2.5). Class
/// logit: 100 cos(image, class), the logit of zero-shot classification (Radford et al., arXiv 2103.00020). A class is the mean
/// of the unit embeddings of its prompts.
/// </summary>
public sealed class ClipScorer : IScorer, IDisposable
{
    // The inverse temperature at which CLIP was trained in the end.
    private const double LogitScale = 100;

    private readonly ClipTowers _towers;
    private readonly ClipTargets _targets;
    private readonly ClipManifest _manifest;
    private readonly ClipOptions _mode;

    private ClipScorer(ModelFolder folder, ClipTowers towers, ClipOptions mode, string computeClass)
    {
        (_manifest, _towers, _mode) = (folder.Require<ClipManifest>(), towers, mode);
        _targets = new ClipTargets(towers, _manifest.Classes);
        Description = Describe(folder, mode.IsClassLogit, computeClass);
    }

    public ScorerDescription Description { get; }

    /// <summary>Loads a model and evaluates each tower once, so that the first request finds them warm.</summary>
    /// <param name="folder">A model of kind "clip".</param>
    /// <param name="options">How to run it.</param>
    /// <param name="mode">What to score.</param>
    /// <exception cref="ModelLoadException">The model does not do what its manifest says.</exception>
    public static ClipScorer Load(ModelFolder folder, VerifierOptions options, ClipOptions mode)
    {
        if (mode.IsClassLogit && folder.Require<ClipManifest>().Classes.Count == 0)
        {
            throw new ModelLoadException($"{ManifestReader.FileName}: classes is required for {VerifierOptions.Section}:Score={mode.Score}");
        }

        var towers = ClipTowers.Load(folder, options);
        try
        {
            return new ClipScorer(folder, towers, mode, towers.ComputeClass);
        }
        catch
        {
            towers.Dispose();
            throw;
        }
    }

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations)
    {
        if (condition is Condition.Prompt prompt && _towers.Problem(prompt.Text) is { } problem)
        {
            violations.Add(field + ".prompt", problem);
        }

        ClassLabels.Validate(condition, _manifest.Classes, known => known.Name, field, violations);
    }

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken)
    {
        var target = _targets.Of(task.Condition);
        var embeddings = await _towers.EmbedImagesAsync(task.Images(0), cancellationToken);
        var outcomes = new ScoreOutcome[task.Candidates.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var cosine = Cosine.Between(embeddings.AsSpan(i * _towers.Dimension, _towers.Dimension), target);
            outcomes[i] = new ScoreOutcome.Value(_mode.IsClassLogit ? LogitScale * cosine : _manifest.Score.Weight * Math.Max(cosine, 0));
        }

        return outcomes;
    }

    public void Dispose() => _towers.Dispose();

    // The manifest's range, mean and deviation are those of CLIPScore.
    private static ScorerDescription Describe(ModelFolder folder, bool logit, string computeClass)
    {
        var manifest = folder.Require<ClipManifest>();
        var score = manifest.Score;
        return new ScorerDescription
        {
            Name = "clip",
            Version = manifest.Version,
            WeightsDigest = logit ? WeightsDigest.Of(folder.Digest, ClipOptions.ClassLogit) : folder.Digest,
            Minimum = logit ? -LogitScale : score.Range[0],
            Maximum = logit ? LogitScale : score.Range[1],
            RealMean = logit ? null : score.RealMean,
            RealStandardDeviation = logit ? null : score.RealStandardDeviation,
            Conditions =
            [
                .. logit ? [] : new[] { ConditionKind.Prompt },
                .. manifest.Classes.Count > 0 ? new[] { ConditionKind.ClassLabel } : [],
            ],
            Images = [RequiredImage.Final],
            InputShape = manifest.Preprocessing.Shape(),
            ComputeClass = computeClass,
            Description = logit
                ? FormattableString.Invariant(
                    $"Zero-shot class logit of {manifest.Name}: {LogitScale} times the cosine of the image embedding and the mean embedding of the class's prompts. {manifest.Description}")
                : FormattableString.Invariant(
                    $"{score.Name} of {manifest.Name}: w max(cosine of image and text embedding, 0), w = {score.Weight}, prompt prefix \"{score.Prefix}\". {manifest.Description}"),
            License = manifest.License,
        };
    }
}
