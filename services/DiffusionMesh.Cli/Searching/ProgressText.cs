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
