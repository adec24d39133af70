using System.Buffers.Binary;
using DiffusionMesh.Contracts;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Verifiers.Scoring;

namespace DiffusionMesh.Functional.Tests.Verifiers;

/// <summary>
/// Needs no model: how far the brightness of the final image, in [0, 1], is from that of its draft and
/// from what was kept before. The prompt "none" is the one it does not understand.
/// </summary>
internal sealed class BrightnessScorer : IScorer
{
    public ScorerDescription Description { get; } = new()
    {
        Name = "brightness",
        Version = "1.2.3",
        WeightsDigest = "sha256:" + new string('b', 64),
        Minimum = 0,
        Maximum = 2,
        RealMean = 0.5,
        Conditions = [ConditionKind.None, ConditionKind.Prompt],
        Images = [new RequiredImage("final"), new RequiredImage("draft", PredictedAt: 0.4)],
        NeedsState = true,
        InputShape = (1, 1, 1),
        ComputeClass = "test/cpu",
        Description = "Difference in brightness.",
        License = "MIT",
    };

    public void ValidateCondition(Condition? condition, string field, FieldViolations violations) =>
        violations.Require(condition is not Condition.Prompt { Text: "none" }, field + ".prompt", "is not understood");

    public Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(ScoringTask task, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ScoreOutcome>>([.. task.Candidates.Select(candidate => Score(candidate, task))]);

    public void ValidateState(ReadOnlySpan<byte> state, string field, FieldViolations violations) =>
        violations.Require(state.Length == sizeof(double), field, "is no brightness");

    private static ScoreOutcome.Value Score(ScoringCandidate candidate, ScoringTask task)
    {
        var (final, draft) = (Brightness(candidate.Images[0]), Brightness(candidate.Images[1]));
        var kept = task.State.IsEmpty ? final : BinaryPrimitives.ReadDoubleLittleEndian(task.State.Span);
        var state = new byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(state, final);
        return new(Math.Abs(final - draft) + Math.Abs(final - kept), task.ReturnState ? state : default);
    }

    private static double Brightness(ScoringImage image) => image.Pixels.Pixels.ToArray().Average(value => value / 255.0);
}
