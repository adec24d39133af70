using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts.SearchV1;
using Spectre.Console;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Says how a search that was run again compares with its first run.</summary>
internal static class ReplaySummary
{
    public static void Write(SearchMessage replay, ReplayReport report, Terminal terminal)
    {
        if (terminal.Json)
        {
            var document = new ReplayDocument(
                replay.ReplayOf,
                report.Identical,
                report.Candidates,
                [.. report.Differences.Select(difference => new DifferenceSection(
                    difference.CandidateId.Length == 0 ? null : difference.CandidateId, difference.Field, difference.Original, difference.Replayed))],
                report.DifferencesTotal,
                replay.Ledger.NfeTotal);
            Terminal.WriteJson(Console.Out, document, DocumentJson.Legible.ReplayDocument);
            return;
        }

        terminal.Results.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Replayed {replay.ReplayOf}: {report.Candidates:N0} candidates, {replay.Ledger.NfeTotal:N0} NFE, {replay.Ledger.WallSeconds:0.0} s"));
        if (report.Identical)
        {
            terminal.Results.MarkupLine("[green]Identical[/], bit for bit: noise, images, scores, choice and ledger");
            return;
        }

        terminal.Results.MarkupLine(string.Create(
            CultureInfo.InvariantCulture, $"[red]Different[/] in {report.DifferencesTotal:N0} {(report.DifferencesTotal == 1 ? "place" : "places")}"));
        var table = new Table().AddColumns("candidate", "field", "first run", "replay").Border(TableBorder.Simple);
        foreach (var difference in report.Differences)
        {
            table.AddRow(
                new Text(difference.CandidateId), new Text(difference.Field), new Text(difference.Original), new Text(difference.Replayed));
        }

        terminal.Results.Write(table);
        if (report.DifferencesTotal > report.Differences.Count)
        {
            terminal.Results.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {report.DifferencesTotal - report.Differences.Count:N0} more"));
        }
    }
}
