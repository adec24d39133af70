using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DiffusionMesh.Cli.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Where a command writes: results to the standard output, progress and errors to the standard error.</summary>
internal sealed class Terminal
{
    private const int WidthOfFiles = 160;

    // Commands to paste stand in notes: they must stay in one line.
    private const int WidthOfNotes = 10_000;

    private Terminal(bool json)
    {
        Json = json;
        Results = Create(Console.Out, Console.IsOutputRedirected, WidthOfFiles);
        Notes = Create(Console.Error, Console.IsErrorRedirected, WidthOfNotes);
    }

    /// <summary>Whether a script reads: one JSON document on the standard output, no progress.</summary>
    public bool Json { get; }

    public IAnsiConsole Results { get; }

    public IAnsiConsole Notes { get; }

    public static Terminal For(bool json) => new(json);

    /// <summary>Tells a person what goes on; says nothing to a script.</summary>
    public void Note(string markup)
    {
        if (!Json)
        {
            Notes.MarkupLine(markup);
        }
    }

    /// <summary>Whether a display can be drawn again and again in its place.</summary>
    public bool IsLive => !Json && Notes.Profile.Capabilities.Interactive;

    /// <summary>Runs the work with a display that is drawn again now and then. Only where <see cref="IsLive"/>.</summary>
    public Task ShowWhileAsync(Func<IRenderable> render, TimeSpan refresh, Func<Task> work) =>
        Notes.Live(render()).StartAsync(async display =>
        {
            var working = work();
            using var timer = new PeriodicTimer(refresh);
            var tick = timer.WaitForNextTickAsync().AsTask();
            while (await Task.WhenAny(working, tick) != working)
            {
                display.UpdateTarget(render());
                tick = timer.WaitForNextTickAsync().AsTask();
            }

            display.UpdateTarget(render());
            await working;
        });

    public static void WriteJson<T>(TextWriter writer, T document, JsonTypeInfo<T> type) =>
        writer.WriteLine(JsonSerializer.Serialize(document, type));

    public int Fail(CommandFailure failure)
    {
        if (Json)
        {
            var error = new ErrorSection(failure.ExitCode, failure.Message, failure.Remedy, failure.Violations, failure.Logs);
            WriteJson(Console.Error, new ErrorDocument(error), DocumentJson.Legible.ErrorDocument);
            return failure.ExitCode;
        }

        Notes.MarkupLineInterpolated($"[red]error:[/] {failure.Message}");
        foreach (var violation in failure.Violations)
        {
            Notes.MarkupLineInterpolated($"  [bold]{violation.Option ?? violation.Field ?? ""}[/]  {violation.Description}");
        }

        foreach (var (service, lines) in failure.Logs)
        {
            Notes.MarkupLineInterpolated($"[dim]the last lines of {service}:[/]");
            foreach (var line in lines)
            {
                Notes.WriteLine($"  {line}");
            }
        }

        if (failure.Remedy is { } remedy)
        {
            // Not wrapped: it may hold a command to paste.
            Notes.Profile.Out.Writer.WriteLine(remedy);
        }

        return failure.ExitCode;
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected, int widthOfFiles)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Yes,
        });
        if (redirected)
        {
            console.Profile.Width = widthOfFiles;
        }

        return console;
    }
}
