using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Benchmarks.Simulated;

/// <summary>Scores an image by its first pixel, which costs nothing.</summary>
internal sealed class FreeScorer : IScorer
{
    public ScorerDescription Description { get; } = new()
    {
        Name = "free",
        Version = "1.0.0",
        WeightsDigest = "sha256:" + new string('0', 64),
        Minimum = 0,
        Maximum = 1,
        Conditions = ScorerDescription.AnyCondition,
        Images = [RequiredImage.Final],
        InputShape = (32, 32, 1),
        ComputeClass = "none",
        Description = "The first pixel.",
        License = "none",
    };

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations)
    {
    }

    public Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ScoreOutcome>>(
        [.. task.Images(0).Select(image => new ScoreOutcome.Value(image.Pixels.Span[0] / 255.0))]);
}
