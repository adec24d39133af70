using System.Globalization;
using DiffusionMesh.Cli.Documents;
using Spectre.Console;

namespace DiffusionMesh.Cli.Commands;

/// <summary>What a mesh serves, as tables for people.</summary>
internal static class MeshTables
{
    public static void Write(MeshDocument mesh, IAnsiConsole console)
    {
        var verifiers = Table("Verifiers", "name", "version", "state", "scores", "real images", "address");
        foreach (var verifier in mesh.Verifiers)
        {
            Add(verifiers, verifier.Name, verifier.Version ?? "", verifier.Error ?? "ready", Range(verifier.Scores), RealImages(verifier.Scores), verifier.Address);
        }

        var algorithms = Table("Algorithms", "name", "what it does", "parameters (default)");
        foreach (var algorithm in mesh.Algorithms)
        {
            var parameters = algorithm.Parameters.Select(parameter => $"{parameter.Name} ({parameter.Default}): {parameter.Description}");
            Add(algorithms, algorithm.Name, algorithm.Description, string.Join('\n', parameters));
        }

        Write(mesh.Models, console);
        console.WriteLine();
        console.Write(verifiers);
        console.Write(algorithms);
    }

    public static void Write(IReadOnlyList<ModelSection> models, IAnsiConsole console)
    {
        var table = Table("Models", "name", "version", "state", "image", "understands", "samplers", "defaults");
        foreach (var model in models)
        {
            Add(table, model.Name, model.Version, model.Error ?? model.State, Shape(model.ImageShape), Conditions(model), string.Join(", ", model.Samplers), Defaults(model.Defaults));
        }

        console.Write(table);
        foreach (var model in models.Where(model => model.Classes.Count > 0))
        {
            var classes = string.Join(", ", model.Classes.Select((name, label) => $"{label} {name}"));
            console.MarkupLineInterpolated($"[dim]Classes of {model.Name}:[/] {classes}");
        }
    }

    private static Table Table(string title, params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(title) };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        return table;
    }

    private static void Add(Table table, params ReadOnlySpan<string> cells)
    {
        var row = new List<Text>(cells.Length);
        foreach (var cell in cells)
        {
            row.Add(new Text(cell));
        }

        table.AddRow(row);
    }

    private static string Shape(IReadOnlyList<long> shape) =>
        shape.Count == 3 ? string.Create(CultureInfo.InvariantCulture, $"{shape[1]}x{shape[0]}, {(shape[2] == 1 ? "grey" : "colour")}") : "";

    private static string Conditions(ModelSection model) => string.Join(
        ", ",
        new[] { model.AcceptsPrompt ? "prompts" : null, model.Classes.Count > 0 ? $"{model.Classes.Count} classes" : null }.OfType<string>());

    private static string Defaults(SamplingDefaultsSection? defaults) => defaults is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{defaults.Sampler}, {defaults.Steps} steps, guidance {defaults.Guidance}");

    private static string Range(VerifierSection? scores) => scores is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{scores.Minimum} to {scores.Maximum}, {(scores.HigherIsBetter ? "higher" : "lower")} is better");

    private static string RealImages(VerifierSection? scores) => scores?.RealMean is { } mean
        ? string.Create(CultureInfo.InvariantCulture, $"{mean:0.000} ± {scores.RealStandardDeviation:0.000}")
        : "";
}
