using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Outcomes;
using DiffusionMesh.Cli.Report;
using static DiffusionMesh.Cli.Report.ReportPage;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>The page <c>report.html</c> of an experiment: it needs nothing beside it and runs no script.</summary>
internal static class ExperimentPage
{
    public const string File = "report.html";

    /// <param name="outcome">What came out.</param>
    /// <param name="lines">The drawn figures of lines, by their choice.</param>
    public static string Write(ExperimentOutcome outcome, IReadOnlyDictionary<FigureChoice, string> lines)
    {
        var experiment = outcome.Plan.Experiment;
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(experiment.Title)} · DiffusionMesh</title>
            <style>
            {ReportStyle.Css}
            </style>
            </head>
            <body>
            <main>
            <header>
            <p class="kind">DiffusionMesh experiment</p>
            <h1>{Text(experiment.Title)}</h1>
            {(experiment.Description is { } description ? $"<p>{Text(description)}</p>" : "")}
            <p class="muted">{Text(Facts(outcome))}</p>
            {Join(outcome.Notes.Select(note => $"<p class=\"failure\">{Text(note)}</p>"))}
            </header>
            {Join(experiment.Figures.Select(figure => Section(figure, outcome, lines)))}
            {CellTable.Write(outcome)}
            </main>
            </body>
            </html>

            """;
    }

    private static string Section(FigureChoice figure, ExperimentOutcome outcome, IReadOnlyDictionary<FigureChoice, string> lines) => $"""
        <section>
        <h2>{Text(figure.Title)}</h2>
        {Body(figure, outcome, lines)}
        </section>
        """;

    private static string Body(FigureChoice figure, ExperimentOutcome outcome, IReadOnlyDictionary<FigureChoice, string> lines) =>
        figure.Kind switch
        {
            FigureKind.Lines => lines[figure],
            FigureKind.Table => TableFigure.Draw(figure, outcome),
            FigureKind.Differences => DifferencesFigure.Draw(figure, outcome),
            _ => PicturesFigure.Draw(figure, outcome),
        };

    private static string Facts(ExperimentOutcome outcome)
    {
        var plan = outcome.Plan;
        var samples = plan.Experiment.Seeds.Count * plan.Conditions.Count;
        return $"{string.Join(", ", plan.Mesh.Models.Select(model => model.Model.Name))} · {plan.Conditions.Count} conditions × {plan.Experiment.Seeds.Count} seeds "
            + $"= {SpecText.Count(samples)} samples a point · bars and ± are 95 % intervals; those of FID, IS, precision and recall come from leaving out groups of seeds";
    }
}
