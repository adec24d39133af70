using System.Globalization;
using System.Text;
using DiffusionMesh.Cli.Experiments.Planning;

namespace DiffusionMesh.Cli.Experiments.Outcomes;

/// <summary>Writes <c>results.csv</c> (RFC 4180): a row for each cell, seed and condition.</summary>
internal static class ResultsCsv
{
    public const string File = "results.csv";

    public static string Write(ExperimentPlan plan, IReadOnlyList<RunRow> rows)
    {
        var verifiers = plan.Experiment.Verifiers.Select(verifier => verifier.Name).ToArray();
        var text = new StringBuilder();
        Line(text, [
            "model", "guidance", "algorithm", "select", "budget_unit", "budget", "seed", "condition", "class", "search_seed",
            .. verifiers.Select(name => $"score_{name}"), "class_probability",
            "nfe_search", "nfe_final", "network_rows", "decodes", "verifier_calls", "wall_seconds",
            "candidates", "candidate", "stop_reason", "pixel_digest", "run", "degradations",
        ]);
        foreach (var row in rows)
        {
            Line(text, [
                row.Cell.Model, Text(row.Cell.Guidance), row.Cell.Algorithm, row.Cell.Select,
                plan.Experiment.Budgets.UnitText, Text(row.Cell.Budget), Text(row.Planned.Seed), row.Planned.Condition.Label,
                row.Planned.Condition.ClassLabel is { } label ? Text(label) : "", Text(row.Planned.SearchSeed),
                .. verifiers.Select(name => row.Scores.TryGetValue(name, out var score) ? Text(score) : ""),
                row.ClassProbability is { } probability ? Text(probability) : "",
                Text(row.Ledger.NfeSearch), Text(row.Ledger.NfeFinal), Text(row.Ledger.NetworkRows), Text(row.Ledger.Decodes),
                Text(row.Ledger.VerifierCalls), Text(Math.Round(row.Ledger.WallSeconds, 3)),
                Text(row.Candidates), row.Chosen.Id, row.Run.StopReason, row.Chosen.PixelDigest, row.Run.Key,
                string.Join(' ', row.Run.Degradations),
            ]);
        }

        return text.ToString();
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Quote)).Append("\r\n");

    private static string Quote(string field) => field.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;
}
