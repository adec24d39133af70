using System.Diagnostics;
using System.Globalization;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Cli.Searching;
using Spectre.Console;

namespace DiffusionMesh.Cli.Experiments.Running;

/// <summary>Shows how an experiment goes on: live on a terminal, a line now and then in a file, nothing to a script.</summary>
internal sealed class ExperimentProgress(string title, Estimate estimate, Terminal terminal)
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);
    private const int LinesInFile = 40;

    // Until so much is done, the calibration knows the pace better.
    private const double TrustedShare = 0.05;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();
    private int _runs;
    private long _rows;
    private double _seconds;
    private int _line = -1;
    private string? _failure;

    /// <summary>Runs the work with the display on.</summary>
    public async Task ShowWhileAsync(Func<Task> work)
    {
        if (!terminal.IsLive)
        {
            await work();
            return;
        }

        await terminal.ShowWhileAsync(Render, Refresh, work);
    }

    /// <param name="rows">Network rows of the run that is done.</param>
    /// <param name="expected">The time that it was expected to add.</param>
    public void Done(long rows, TimeSpan expected)
    {
        lock (_gate)
        {
            _runs++;
            _rows += rows;
            _seconds += expected.TotalSeconds;
            var line = _runs * LinesInFile / estimate.Runs;
            if (!terminal.IsLive && !terminal.Json && line > _line)
            {
                _line = line;
                terminal.Notes.WriteLine($"  {Runs()}, {Rows()}, {Clock()}");
            }
        }
    }

    public void Failed(string message)
    {
        lock (_gate)
        {
            _failure = message;
            if (!terminal.IsLive && !terminal.Json)
            {
                terminal.Notes.WriteLine($"  {message}");
            }
        }
    }

    private Grid Render()
    {
        lock (_gate)
        {
            var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
            grid.AddRow(new Markup("[dim]experiment[/]"), new Text(title, new Style(decoration: Decoration.Bold)));
            grid.AddRow(new Markup("[dim]runs[/]"), new Columns(new Markup(ProgressText.Bar(Share())), new Text(Runs())) { Expand = false });
            grid.AddRow(new Markup("[dim]network rows[/]"), new Text(Rows()));
            grid.AddRow(new Markup("[dim]time[/]"), new Text(Clock()));
            if (_failure is { } failure)
            {
                grid.AddRow(new Markup("[red]failed[/]"), new Text(failure));
            }

            return grid;
        }
    }

    private double Share() => estimate.Time > TimeSpan.Zero
        ? Math.Clamp(_seconds / estimate.Time.TotalSeconds, 0, 1)
        : (double)_runs / estimate.Runs;

    private string Runs() => string.Create(CultureInfo.InvariantCulture, $"{_runs:N0} of {estimate.Runs:N0} runs");

    private string Rows() => $"{SpecText.Count(_rows)} of {SpecText.Count(estimate.Rows)} network rows";

    private string Clock()
    {
        var (elapsed, share) = (Stopwatch.GetElapsedTime(_start), Share());
        var left = share > TrustedShare ? elapsed * ((1 - share) / share) : estimate.Time - elapsed;
        return $"{ProgressText.Clock(elapsed)} so far, about {ProgressText.Clock(left > TimeSpan.Zero ? left : TimeSpan.Zero)} left";
    }
}
