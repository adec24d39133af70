using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Contracts.SearchV1;
using Spectre.Console;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Shows what other verifiers said of a search's images.</summary>
internal static class RescoreTable
{
    public static void Write(string search, IReadOnlyList<RescoredCandidate> candidates, RescoreSummary summary, Terminal terminal)
    {
        if (terminal.Json)
        {
            var document = new RescoreDocument(
                search,
                [.. summary.Best.Select(best => new RescoredSection(best.CandidateId, best.PixelDigest, best.SearchScore, Scores(best.Scores)))],
                [.. candidates.Select(candidate => new RescoredSection(candidate.CandidateId, candidate.PixelDigest, null, Scores(candidate.Scores)))],
                summary.Ledger.NfeTotal);
            Terminal.WriteJson(Console.Out, document, DocumentJson.Legible.RescoreDocument);
            return;
        }

        var missing = candidates.Sum(candidate => candidate.Scores.Count(score => score.OutcomeCase == VerifierScore.OutcomeOneofCase.Error));
        terminal.Results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Scored   {candidates.Count:N0} candidates of {search}{(missing == 0 ? "" : $", {missing:N0} scores missing")}, {summary.Ledger.NfeTotal:N0} NFE, {summary.Ledger.WallSeconds:0.0} s"));
        var table = new Table().AddColumns("best", "candidate", "search score").Border(TableBorder.Simple);
        foreach (var verifier in summary.Verifiers)
        {
            table.AddColumn(verifier.Name.EscapeMarkup());
        }

        foreach (var (rank, best) in summary.Best.Index())
        {
            table.AddRow([
                new Text((rank + 1).ToString(CultureInfo.InvariantCulture)),
                new Text(best.CandidateId),
                new Text(SpecText.Score(best.SearchScore)),
                .. best.Scores.Select(score => new Text(score.OutcomeCase == VerifierScore.OutcomeOneofCase.Value ? SpecText.Score(score.Value) : score.Error)),
            ]);
        }

        terminal.Results.Write(table);
    }

    // Null where there is none.
    private static Dictionary<string, double?> Scores(IEnumerable<VerifierScore> scores) => scores.ToDictionary(
        score => score.Verifier, score => score.OutcomeCase == VerifierScore.OutcomeOneofCase.Value ? score.Value : (double?)null);
}
