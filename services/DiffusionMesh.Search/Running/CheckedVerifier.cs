using System.Globalization;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>Turns whatever a verifier answers into one outcome for each image.</summary>
internal static class CheckedVerifier
{
    public static async Task<ScoredBatch> ScoreAsync(
        IVerifier verifier,
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        ScoredBatch batch;
        try
        {
            batch = await verifier.ScoreAsync(samples, condition, cancellationToken).ConfigureAwait(false);
        }
        catch (CallFailedException failure)
        {
            return AllMissing(samples.Count, failure.Message);
        }

        if (batch.Outcomes.Count != samples.Count)
        {
            return AllMissing(samples.Count, $"answered {batch.Outcomes.Count} scores for {samples.Count} images");
        }

        var (minimum, maximum) = batch.Replacement is { } replacement
            ? (replacement.Minimum, replacement.Maximum)
            : (verifier.Minimum, verifier.Maximum);
        return batch with { Outcomes = [.. batch.Outcomes.Select(outcome => Check(outcome, minimum, maximum))] };
    }

    private static ScoredBatch AllMissing(int count, string reason) =>
        new([.. Enumerable.Repeat(new ScoreOutcome.Missing(reason), count)]);

    private static ScoreOutcome Check(ScoreOutcome outcome, double minimum, double maximum) => outcome switch
    {
        ScoreOutcome.Value(var score) when !double.IsFinite(score) =>
            new ScoreOutcome.Missing(string.Create(CultureInfo.InvariantCulture, $"the score is {score}, not a finite number")),
        ScoreOutcome.Value(var score) when score < minimum || score > maximum =>
            new ScoreOutcome.Missing(string.Create(
                CultureInfo.InvariantCulture,
                $"the score {score} lies outside the declared range [{minimum}, {maximum}]")),
        _ => outcome,
    };
}
