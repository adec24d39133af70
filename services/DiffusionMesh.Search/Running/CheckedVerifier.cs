using System.Globalization;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Running;

/// <summary>Turns whatever a verifier answers into one outcome for each image.</summary>
internal static class CheckedVerifier
{
    public static async Task<IReadOnlyList<ScoreOutcome>> ScoreAsync(
        IVerifier verifier,
        IReadOnlyList<SampledSegment> samples,
        Condition? condition,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<ScoreOutcome> outcomes;
        try
        {
            outcomes = await verifier.ScoreAsync(samples, condition, cancellationToken).ConfigureAwait(false);
        }
        catch (CallFailedException failure)
        {
            return AllMissing(samples.Count, failure.Message);
        }

        return outcomes.Count == samples.Count
            ? [.. outcomes.Select(outcome => Check(verifier, outcome))]
            : AllMissing(samples.Count, $"answered {outcomes.Count} scores for {samples.Count} images");
    }

    private static ScoreOutcome[] AllMissing(int count, string reason)
    {
        var missing = new ScoreOutcome.Missing(reason);
        return [.. Enumerable.Repeat(missing, count)];
    }

    private static ScoreOutcome Check(IVerifier verifier, ScoreOutcome outcome) => outcome switch
    {
        ScoreOutcome.Value(var score) when !double.IsFinite(score) =>
            new ScoreOutcome.Missing(string.Create(CultureInfo.InvariantCulture, $"the score is {score}, not a finite number")),
        ScoreOutcome.Value(var score) when score < verifier.Minimum || score > verifier.Maximum =>
            new ScoreOutcome.Missing(string.Create(
                CultureInfo.InvariantCulture,
                $"the score {score} lies outside the declared range [{verifier.Minimum}, {verifier.Maximum}]")),
        _ => outcome,
    };
}
