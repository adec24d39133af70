using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Functional.Tests.Verifiers;

/// <summary>A scorer that answers as it is told to: wrong numbers, too few of them, none at all.</summary>
internal sealed class ScriptedScorer(Func<ScoringTask, CancellationToken, Task<IReadOnlyList<ScoreOutcome>>> script) : IScorer
{
    public ScorerDescription Description { get; } = new()
    {
        Name = "scripted",
        Version = "1.0.0",
        WeightsDigest = "sha256:" + new string('0', 64),
        Minimum = -1,
        Maximum = 1,
        Conditions = [ConditionKind.None],
        Images = [],
        InputShape = (1, 1, 1),
        ComputeClass = "test/cpu",
        Description = "Whatever the test says.",
        License = "MIT",
    };

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations)
    {
    }

    public ScriptedScorer(params IReadOnlyList<ScoreOutcome> outcomes)
        : this((_, _) => Task.FromResult(outcomes))
    {
    }

    public Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken) => script(task, cancellationToken);
}
