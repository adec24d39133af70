using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using Spectre.Console;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Says how a search has ended and where its files are.</summary>
internal static class ResultSummary
{
    public static void Write(string folder, IReadOnlyList<string> files, SearchDocument document, Terminal terminal)
    {
        if (terminal.Json)
        {
            Terminal.WriteJson(Console.Out, new SearchReceipt(folder, files, document), DocumentJson.Legible.SearchReceipt);
            return;
        }

        var nfe = document.Ledger.Nfe;
        terminal.Results.MarkupLine(document.Best is { } best
            ? $"Best     [bold]{Scores(best, document)}[/], candidate {best.Candidate.EscapeMarkup()}"
            : "Best     no candidate was scored");
        terminal.Results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Spent    {nfe.Search:N0} of {document.Search.Spec.BudgetNfe:N0} NFE on {Candidates(document)}{Final(nfe)}{Wasted(nfe)}, {document.Ledger.WallSeconds:0.0} s"));
        foreach (var degradation in document.Degradations)
        {
            terminal.Results.MarkupLineInterpolated($"[yellow]Degraded[/] {degradation}");
        }

        if (document.Hacking is [.., var last])
        {
            terminal.Results.WriteLine(Judged(last, document));
        }

        var shown = ShellWords.Path(folder);
        foreach (var (index, file) in files.Index())
        {
            terminal.Results.WriteLine($"{(index == 0 ? "Written" : ""),-9}{Path.Combine(shown, file)}");
        }
    }

    private static string Judged(HackingSection last, SearchDocument document)
    {
        var warnings = document.Hacking.Count(round => round.Warning);
        var verdict = document.Search.StopReason == "hacking"
            ? "stopped: the searched score rose while the held-out one fell"
            : string.Create(CultureInfo.InvariantCulture, $"{warnings} of {document.Hacking.Count} rounds warn");
        return string.Create(
            CultureInfo.InvariantCulture, $"Judged   searched {last.Searched:0.00}, held out {last.HeldOut:0.00}, gap {last.Gap:+0.00;-0.00;0.00} ({verdict})");
    }

    private static string Scores(BestSection best, SearchDocument document) => string.Join(", ", best.Scores.Select(score =>
    {
        var first = document.Candidates.FirstOrDefault(candidate => !candidate.IsDraft)?.Scores.GetValueOrDefault(score.Key);
        return $"{score.Key.EscapeMarkup()} score {SpecText.Score(score.Value)} (first candidate {SpecText.Score(first)})";
    }));

    private static string Candidates(SearchDocument document)
    {
        var all = document.Candidates.Count;
        var unfinished = document.Candidates.Count(candidate => candidate.State == "proposed");
        var drafts = document.Candidates.Count(candidate => candidate.IsDraft);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{all:N0} {(all == 1 ? "candidate" : "candidates")}{(unfinished == 0 ? "" : $" ({unfinished:N0} of them not finished)")}{(drafts == 0 ? "" : $" ({drafts:N0} of them drafts)")}");
    }

    private static string Wasted(NfeSection nfe) =>
        nfe.Wasted == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {nfe.Wasted:N0} NFE wasted");

    private static string Final(NfeSection nfe) =>
        nfe.Final == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {nfe.Final:N0} NFE on the final run");
}
