using System.Globalization;

namespace DiffusionMesh.Benchmarks.Scaling;

/// <summary>What 10,000 GPUs and a million searches a day come to, a second: in all, and in one of 40 cells.</summary>
internal static class DayAtScale
{
    private const int Gpus = 10_000;
    private const int Cells = 40;
    private const double SearchesADay = 1e6;
    private const double SecondsADay = 86_400;

    // A guided step of a 1024² model, and steps of a candidate.
    private const double SecondsAnEvaluation = 0.05;
    private const int Steps = 20;
    private const int RowsAnEvaluation = 2;
    private const int TrajectoriesPerCall = 8;

    public static string Table()
    {
        var bytes = MessageSizes.Candidate1024();
        var evaluations = Gpus / SecondsAnEvaluation;
        var candidates = evaluations / Steps;
        return string.Join('\n',
        [
            "| a second | in all | a cell (250 GPUs) |",
            "|---|--:|--:|",
            Row("searches begun", SearchesADay / SecondsADay, "0.##"),
            Row("evaluations (NFE)", evaluations),
            Row("network rows", evaluations * RowsAnEvaluation),
            Row("candidates", candidates),
            Row("Sample calls, of 8 trajectories", candidates / TrajectoriesPerCall),
            Row("scores", candidates * bytes.Verifiers),
            Row("to denoisers, kB", candidates * bytes.Asked / 1e3),
            Row("from denoisers, MB", candidates * bytes.Answered / 1e6),
            Row("to verifiers, MB", candidates * bytes.Verifiers * bytes.Scored / 1e6),
            Row("journal entries", candidates * bytes.Entries),
            Row("journal, kB without images", candidates * bytes.Journal / 1e3),
            Row("images to keep, MB", candidates * bytes.Answered / 1e6),
        ]);
    }

    private static string Row(string what, double all, string format = "N0") => string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {all.ToString(format, CultureInfo.InvariantCulture)} | {(all / Cells).ToString(format, CultureInfo.InvariantCulture)} |");
}
