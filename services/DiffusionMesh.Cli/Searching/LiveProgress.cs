using System.Diagnostics;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using Spectre.Console;
using Progress = DiffusionMesh.Contracts.SearchV1.Progress;

namespace DiffusionMesh.Cli.Searching;

/// <summary>Shows how a search goes on: live on a terminal, as a line now and then in a file, not at all to a script.</summary>
internal sealed class LiveProgress
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);
    private const int LinesInFile = 8;

    private readonly string _subject;
    private readonly Terminal _terminal;
    private readonly long _start = Stopwatch.GetTimestamp();
    private volatile Progress? _latest;
    private volatile HackingRound? _hacking;
    private long _missingScores;
    private volatile bool _stopping;
    private volatile string? _waitsFor;
    private long _heard = Stopwatch.GetTimestamp();
    private long _linesWritten = -1;

    private LiveProgress(string subject, Terminal terminal)
    {
        _subject = subject;
        _terminal = terminal;
    }

    public static LiveProgress Create(Condition condition, Terminal terminal) => new(
        condition.KindCase == Condition.KindOneofCase.ClassLabel ? $"class {condition.ClassLabel}" : condition.Prompt,
        terminal);

    /// <summary>For how long nothing has happened.</summary>
    public TimeSpan Silence => Stopwatch.GetElapsedTime(Interlocked.Read(ref _heard));

    /// <summary>Runs the work with the display on.</summary>
    public async Task ShowWhileAsync(Func<Task> work)
    {
        if (!_terminal.IsLive)
        {
            _terminal.Note($"Searching [bold]{_subject.EscapeMarkup()}[/]");
            await work();
            return;
        }

        await _terminal.ShowWhileAsync(Render, Refresh, work);
    }

    public void Show(WatchSearchResponse item)
    {
        Interlocked.Exchange(ref _heard, Stopwatch.GetTimestamp());
        _waitsFor = null;
        if (item.Progress is not { } progress)
        {
            return;
        }

        _latest = progress;
        _hacking = item.RoundFinished?.Hacking ?? _hacking;
        Interlocked.Add(ref _missingScores, item.CandidateFinished?.Scores.Count(score => score.OutcomeCase == VerifierScore.OutcomeOneofCase.Error) ?? 0);
        if (_terminal.Json || _terminal.Notes.Profile.Capabilities.Interactive || progress.CandidatesDone == 0)
        {
            return;
        }

        var line = progress.CandidatesDone * LinesInFile / Math.Max(progress.CandidatesPlanned, 1);
        if (line > _linesWritten)
        {
            _linesWritten = line;
            _terminal.Notes.WriteLine($"  {ProgressText.Candidates(progress)}, best score {ProgressText.BestScore(progress)}, NFE {ProgressText.Nfe(progress)}, {ProgressText.TimeLeft(progress)}{ProgressText.Notices(_hacking, _missingScores)}");
        }
    }

    /// <summary>Says why nothing happens, until something does.</summary>
    public void Waits(string reason)
    {
        if (Interlocked.Exchange(ref _waitsFor, reason) != reason && !_terminal.Notes.Profile.Capabilities.Interactive)
        {
            _terminal.Note($"  [yellow]waits:[/] {reason.EscapeMarkup()}");
        }
    }

    /// <summary>Says that the search was told to stop.</summary>
    public void Stopping()
    {
        _stopping = true;
        if (!_terminal.Notes.Profile.Capabilities.Interactive)
        {
            _terminal.Note("Stopping: what is finished is kept (once more Ctrl-C ends at once)");
        }
    }

    private Grid Render()
    {
        var progress = _latest ?? new Progress();
        var done = progress.NfeBudget > 0 ? Math.Clamp((double)progress.NfeSpent / progress.NfeBudget, 0, 1) : 0;
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        grid.AddRow(Cell(_stopping ? "[yellow]Stopping[/]" : "Searching"), new Markup(_subject.EscapeMarkup(), new Style(decoration: Decoration.Bold)));
        grid.AddRow(Cell("candidates"), new Columns(new Markup(ProgressText.Bar(done)), new Text(ProgressText.Candidates(progress))) { Expand = false });
        grid.AddRow(Cell("best score"), new Markup($"[bold]{ProgressText.BestScore(progress)}[/]"));
        grid.AddRow(Cell("NFE"), new Text(ProgressText.Nfe(progress)));
        if (_hacking is { } hacking)
        {
            grid.AddRow(Cell("held out"), new Text(ProgressText.HeldOut(hacking), hacking.Warning ? new Style(Color.Yellow) : Style.Plain));
        }

        if (Interlocked.Read(ref _missingScores) is > 0 and var missing)
        {
            grid.AddRow(Cell("verifiers"), new Text(ProgressText.Missing(missing), new Style(Color.Yellow)));
        }

        if (_waitsFor is { } reason)
        {
            grid.AddRow(Cell("waits"), new Text(reason, new Style(Color.Yellow)));
        }

        grid.AddRow(Cell("time"), new Text(_stopping
            ? "what is finished is kept; once more Ctrl-C ends at once"
            : $"{ProgressText.Clock(Stopwatch.GetElapsedTime(_start))} so far, {ProgressText.TimeLeft(progress)}"));
        return grid;
    }

    private static Markup Cell(string markup) => new Markup(markup, new Style(decoration: Decoration.Dim));
}
