using System.Net;
using System.Text;
using DiffusionMesh.Cli.Documents;

namespace DiffusionMesh.Cli.Report;

/// <summary>The page <c>report.html</c>: the whole search on one page that needs nothing beside it and runs no script.</summary>
internal static class ReportPage
{
    public static string Write(SearchDocument document, SearchImages images, string figure) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Text(SpecText.Shorten(SpecText.Subject(document), 80))} · DiffusionMesh</title>
        <style>
        {ReportStyle.Css}
        </style>
        </head>
        <body>
        <main>
        <header>
        <p class="kind">DiffusionMesh search</p>
        <h1>{Text(SpecText.Subject(document))}</h1>
        <p class="muted">{Text(Summary(document))}</p>
        {Failure(document)}
        {Degradations(document)}
        </header>
        {HeroSection.Write(document, images)}
        <section>
        {figure}</section>
        {HackingSections.Write(document)}
        {GridSection.Write(document, images)}
        <div class="pair">
        {FactSections.Ledger(document.Ledger)}
        {FactSections.Spec(document)}
        </div>
        {CandidateTable.Write(document)}
        </main>
        </body>
        </html>

        """;

    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static string Image(ReadOnlyMemory<byte> png, string description) =>
        $"""<img src="data:image/png;base64,{Convert.ToBase64String(png.Span)}" alt="{Text(description)}">""";

    public static string Join(IEnumerable<string> parts) => new StringBuilder().AppendJoin('\n', parts).ToString();

    private static string Summary(SearchDocument document)
    {
        var spec = document.Search.Spec;
        var verifiers = string.Join(", ", spec.Verifiers.Where(verifier => !verifier.HeldOut).Select(verifier => verifier.Name));
        var judges = string.Join(", ", spec.Verifiers.Where(verifier => verifier.HeldOut).Select(verifier => verifier.Name));
        return $"{spec.Algorithm} search over {spec.Model}, scored by {verifiers}{(judges.Length == 0 ? "" : $", judged by {judges}")}, seed {spec.Seed} · "
            + $"{SpecText.State(document.Search.State)} ({SpecText.State(document.Search.StopReason)}) · "
            + $"{document.Search.CreateTime?.UtcDateTime:yyyy-MM-dd HH:mm} UTC";
    }

    private static string Degradations(SearchDocument document) =>
        Join(document.Degradations.Select(degradation => $"""<p class="failure">{Text(degradation)}</p>"""));

    private static string Failure(SearchDocument document) =>
        document.Search.Error is { } error ? $"""<p class="failure">{Text(error)}</p>""" : "";
}
