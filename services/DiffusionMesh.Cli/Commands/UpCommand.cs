using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Mesh;
using Spectre.Console;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh up</c>: all services in the foreground, until Ctrl-C.</summary>
internal static class UpCommand
{
    private const int LastPort = 65_535;

    private static readonly Dictionary<string, string> Colours = new(StringComparer.Ordinal)
    {
        ["denoiser"] = "blue",
        ["orchestrator"] = "purple",
    };

    public static Command Create(Interruption interruption)
    {
        var command = new Command("up", "Runs all services in the foreground on fixed loopback ports, until Ctrl-C (exit code 0).");
        var portBase = NumberOption.Create(
            "--port-base",
            "PORT",
            1,
            LastPort - MeshPorts.Count + 1,
            $"Port of the orchestrator; the denoiser and the verifiers take the next ones. Default: {MeshPorts.DefaultBase}.");
        command.Add(portBase);
        var data = new Option<string?>("--data")
        {
            HelpName = "DIR",
            Description = "Folder that keeps the searches: those that have not ended go on at the next start. Default: diffusionmesh/up-PORT among your local application data, one for each port base.",
        };
        command.Add(data);
        command.SetAction((parse, _) =>
        {
            var first = parse.GetValue(portBase) ?? MeshPorts.DefaultBase;
            return RunAsync(
                MeshPorts.From(first),
                parse.GetValue(data) is { } folder ? Path.GetFullPath(folder) : DefaultData(first),
                Terminal.For(parse.GetValue(DmeshCommand.Json)),
                interruption);
        });
        return command;
    }

    /// <summary>Of its own for each port base: a folder serves one orchestrator.</summary>
    /// <returns>Null if this user has no local application data: the orchestrator says what to set.</returns>
    internal static string? DefaultData(int portBase)
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return local.Length == 0 ? null : Path.Combine(local, "diffusionmesh", FormattableString.Invariant($"up-{portBase}"));
    }

    private static async Task<int> RunAsync(MeshPorts ports, string? data, Terminal terminal, Interruption interruption)
    {
        ports.RequireFree();
        await using var services = await LocalMesh.StartAsync(
            new LocalMesh.Parts(VerifierHost.All),
            ports,
            data is null ? [] : [$"DataDirectory={data}"],
            (service, line) => WriteLog(terminal, service, line),
            interruption);
        Announce(services, terminal);

        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = interruption.Requested.Register(interrupted.SetResult);
        var end = services.FirstEndAsync();
        if (await Task.WhenAny(interrupted.Task, end) == end && !interruption.Requested.IsCancellationRequested)
        {
            throw (await end).Ended();
        }

        terminal.Note("[dim]Stopping the services[/]");
        return ExitCode.Done;
    }

    private static void Announce(LocalMesh services, Terminal terminal)
    {
        var (orchestrator, denoiser) = (Address(services.Orchestrator), Address(services.Denoiser!));
        var verifiers = services.Verifiers.ToDictionary(verifier => verifier.Key, verifier => Address(verifier.Value));
        if (terminal.Json)
        {
            var document = new ServicesDocument(orchestrator, denoiser, verifiers);
            Terminal.WriteJson(Console.Out, document, DocumentJson.Legible.ServicesDocument);
            return;
        }

        Console.Out.WriteLine($"""

            DiffusionMesh is ready:
              {"orchestrator",-26}{orchestrator}
              {"denoiser",-26}{denoiser}
            {string.Join('\n', verifiers.Select(verifier => $"  {"verifier " + verifier.Key,-26}{verifier.Value}"))}

            Try in another terminal:
              {OwnCommand()} search "{DemoCommand.Prompt}" --target {orchestrator}
              grpcurl -plaintext {services.Orchestrator.Authority} diffusionmesh.search.v1.SearchService/DescribeMesh

            Ctrl-C stops the services.

            """);
    }

    private static string Address(Uri uri) => uri.GetLeftPart(UriPartial.Authority);

    /// <summary>How this program was started, ready to paste.</summary>
    private static string OwnCommand()
    {
        var program = Environment.ProcessPath ?? "dmesh";
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? $"dotnet {Path.Combine(AppContext.BaseDirectory, "dmesh.dll")}"
            : program;
    }

    private static void WriteLog(Terminal terminal, string service, string line)
    {
        if (terminal.Json)
        {
            return;
        }

        lock (Colours)
        {
            terminal.Notes.Markup($"[{Colours.GetValueOrDefault(service, "green")}]{service,-24}[/] [dim]|[/] ");
            terminal.Notes.WriteLine(line);
        }
    }
}
