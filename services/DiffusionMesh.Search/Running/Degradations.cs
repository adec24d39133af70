using System.Collections.Immutable;

namespace DiffusionMesh.Search.Running;

/// <summary>Says what a search went on without, or that was other than it began with, in one sentence for each verifier and kind.</summary>
internal static class Degradations
{
    /// <param name="final">Scores of the final run; empty if there was none.</param>
    public static ImmutableArray<string> Of(
        SearchSpec spec,
        IReadOnlyList<Candidate> candidates,
        ImmutableArray<VerifierScore> final,
        ImmutableArray<VerifierReplacement> replacements,
        ImmutableArray<string> computeClasses)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        sentences.AddRange(computeClasses.Order(StringComparer.Ordinal).Select(
            other => $"Some images were sampled on {other}: the search began with {spec.ComputeClass}."));
        for (var v = 0; v < spec.Verifiers.Length; v++)
        {
            var verifier = spec.Verifiers[v];
            sentences.AddRange(replacements.Where(replacement => replacement.Verifier == verifier.Name).Select(by => Replaced(verifier, by)));
            if (Unjudged(verifier, v, candidates) is { } unjudged)
            {
                sentences.Add(unjudged);
            }

            if (!final.IsEmpty && final[v].Outcome is ScoreOutcome.Missing(var reason))
            {
                sentences.Add($"'{verifier.Name}' did not score the image of the final run ({reason}).");
            }
        }

        return sentences.ToImmutable();
    }

    private static string Replaced(VerifierChoice verifier, VerifierReplacement by) => by.WeightsDigest == verifier.WeightsDigest
        ? $"'{verifier.Name}' computes on {by.ComputeClass} since: the search began with {verifier.ComputeClass}."
        : $"'{verifier.Name}' was replaced: the search began with version {verifier.Version} ({verifier.WeightsDigest}) and went on "
            + $"with version {by.Version} ({by.WeightsDigest}).";

    // What takes no part in the choice is not gone on with. Those that are held out have no part in it.
    private static string? Unjudged(VerifierChoice verifier, int v, IReadOnlyList<Candidate> candidates)
    {
        var answered = candidates.Where(candidate => !candidate.Scores.IsEmpty).ToArray();
        var missing = answered
            .Where(candidate => verifier.HeldOut || candidate.State == CandidateState.Scored)
            .Select(candidate => candidate.Scores[v].Outcome)
            .OfType<ScoreOutcome.Missing>()
            .ToArray();
        return missing is [var first, ..]
            ? $"'{verifier.Name}'{(verifier.HeldOut ? ", which is held out," : "")} did not score {missing.Length} of "
                + $"{answered.Length} candidates{(verifier.HeldOut ? "" : ", which the other verifiers judged")} ({first.Reason})."
            : null;
    }
}
