using System.Globalization;

namespace DiffusionMesh.Search.Tests;

/// <summary>Writes a result out in full, floating-point numbers by their bits, so that two can be compared as texts.</summary>
internal static class ResultText
{
    public static string Of(SearchResult result) => string.Join('\n', Lines(result));

    private static IEnumerable<string> Lines(SearchResult result)
    {
        yield return $"{result.StopReason} {result.Error}";
        foreach (var candidate in result.Candidates)
        {
            yield return $"{candidate.Number} < {candidate.Parent} round {candidate.Round} {candidate.Start} {candidate.FromLevel}-{candidate.ToLevel} {candidate.State} "
                + $"nfe {candidate.Nfe} path {candidate.NfePath} {candidate.Image?.Digest} {Text(candidate.Scores)}";
        }

        foreach (var best in result.Best)
        {
            yield return $"best {best.Candidate} {Bits(best.SearchScore)} {best.Image.Digest} {Text(best.Scores)}";
        }

        foreach (var round in result.Hacking)
        {
            yield return $"round {round.Round} {Bits(round.Searched)} {Bits(round.HeldOut)} {Bits(round.Gap)} {Bits(round.Diversity)} {round.Warning}";
        }

        foreach (var degradation in result.Degradations)
        {
            yield return degradation;
        }

        var ledger = result.Ledger;
        yield return $"{ledger.NfeSearch} {ledger.NfeFinal} {ledger.NfeWasted} {ledger.NetworkRows} {ledger.Decodes} "
            + string.Join(' ', ledger.VerifierCalls.Select(calls => $"{calls.Key}={calls.Value}"));
    }

    private static string Text(IEnumerable<VerifierScore> scores) => string.Join(' ', scores.Select(score => score.Outcome switch
    {
        ScoreOutcome.Value(var value) => $"{score.Verifier}={Bits(value)}",
        ScoreOutcome.Missing(var reason) => $"{score.Verifier}!{reason}",
        _ => throw new NotSupportedException(),
    }));

    private static string Bits(double value) =>
        BitConverter.DoubleToInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture);
}
