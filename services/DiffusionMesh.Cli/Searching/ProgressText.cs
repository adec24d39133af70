using System.Globalization;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Searching;

/// <summary>The words of the progress display.</summary>
internal static class ProgressText
{
    private const int BarLength = 32;

    public static string Candidates(Progress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.CandidatesDone:N0} of {progress.CandidatesPlanned:N0} candidates");

    public static string BestScore(Progress progress) =>
        progress.HasBestScore ? progress.BestScore.ToString("0.0000", CultureInfo.InvariantCulture) : "none yet";

    public static string Nfe(Progress progress) => string.Create(
        CultureInfo.InvariantCulture, $"{progress.NfeSpent:N0} spent, {Math.Max(0, progress.NfeBudget - progress.NfeSpent):N0} left");

    /// <summary>How the held-out score stands against the searched one.</summary>
    public static string HeldOut(HackingRound round) => string.Create(
        CultureInfo.InvariantCulture,
        $"{round.HeldOut:0.00} against {round.Searched:0.00} searched, gap {round.Gap:+0.00;-0.00;0.00}{(round.Warning ? "; fell while the searched one rose" : "")}");

    public static string Missing(long scores) => scores == 1 ? "one score missing" : string.Create(CultureInfo.InvariantCulture, $"{scores:N0} scores missing");

    /// <summary>What a line adds when there is something to know; else empty.</summary>
    /// <param name="hacking">The last round that was judged.</param>
    /// <param name="missing">Scores that never came.</param>
    public static string Notices(HackingRound? hacking, long missing) =>
        (hacking is null ? "" : $", held out {HeldOut(hacking)}") + (missing == 0 ? "" : $", {Missing(missing)}");

    public static string TimeLeft(Progress progress) =>
        progress.TimeLeft is { } left ? $"about {Clock(left.ToTimeSpan())} left" : "time left not known yet";

    public static string Clock(TimeSpan time) => time.TotalHours >= 1
        ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    /// <summary>A bar, as markup.</summary>
    /// <param name="done">Share that is done, from 0 to 1.</param>
    public static string Bar(double done)
    {
        var filled = (int)Math.Round(done * BarLength);
        return $"[blue]{new string('━', filled)}[/][dim]{new string('━', BarLength - filled)}[/]";
    }
}
