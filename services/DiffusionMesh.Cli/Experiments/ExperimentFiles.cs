using System.Text;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Experiments.Definition;
using DiffusionMesh.Cli.Experiments.Figures;
using DiffusionMesh.Cli.Experiments.Outcomes;

namespace DiffusionMesh.Cli.Experiments;

/// <summary>Writes what came out. Each file is written beside and moved into place: an earlier one is whole until then.</summary>
internal static class ExperimentFiles
{
    /// <returns>The names of the files.</returns>
    public static IReadOnlyList<string> Write(string folder, ExperimentOutcome outcome)
    {
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        var lines = new Dictionary<FigureChoice, string>();
        foreach (var figure in outcome.Plan.Experiment.Figures.Where(figure => figure.Kind == FigureKind.Lines))
        {
            lines[figure] = LinesFigure.Draw(figure, outcome);
            Write($"figure-{lines.Count}.svg", lines[figure]);
        }

        var summary = new StringWriter { NewLine = "\n" };
        Terminal.WriteJson(summary, Summary.Of(outcome), SummaryJson.Legible.SummaryDocument);
        Write(ResultsCsv.File, ResultsCsv.Write(outcome.Plan, outcome.Rows));
        Write(Summary.File, summary.ToString());
        Write(ExperimentPage.File, ExperimentPage.Write(outcome, lines));
        return files;

        void Write(string name, string text)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText($"{path}.part", text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move($"{path}.part", path, overwrite: true);
            files.Add(name);
        }
    }
}
