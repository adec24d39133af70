using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Verifiers.Networks;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Verifiers.Oracle;

/// <summary>Probability of the class under the classifier that the inception score is taken with.</summary>
/// <param name="model">The classifier; the caller disposes of it.</param>
public sealed class ClassProbabilityScorer(OracleModel model) : IScorer
{
    public ScorerDescription Description { get; } = new()
    {
        Name = "oracle",
        Version = model.Manifest.Version,
        WeightsDigest = model.Digest,
        Minimum = 0,
        Maximum = 1,
        RealMean = model.Manifest.Score?.RealMean,
        RealStandardDeviation = model.Manifest.Score?.RealStandardDeviation,
        Conditions = [ConditionKind.ClassLabel],
        Images = [RequiredImage.Final],
        InputShape = model.Manifest.Preprocessing.Shape(),
        ComputeClass = model.ComputeClass,
        Description = $"Probability of the class under {model.Manifest.Name}. {model.Manifest.Description}",
        License = model.Manifest.License,
    };

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations) =>
        ClassLabels.Validate(condition, model.Manifest.Classes, name => name, field, violations);

    public async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken)
    {
        var label = ((Condition.ClassLabel)task.Condition!).Index;
        var (_, logits) = await model.EvaluateAsync(task.Images(0), cancellationToken);
        var probabilities = new double[model.Classes];
        var outcomes = new ScoreOutcome[task.Candidates.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            Logits.Softmax(logits.AsSpan(i * model.Classes, model.Classes), probabilities);
            outcomes[i] = new ScoreOutcome.Value(probabilities[label]);
        }

        return outcomes;
    }
}
