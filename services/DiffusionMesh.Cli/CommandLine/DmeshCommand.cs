using System.CommandLine;
using System.CommandLine.Invocation;
using DiffusionMesh.Cli.Commands;
using DiffusionMesh.Cli.Mesh;
using Grpc.Core;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>The command <c>dmesh</c> and how its ends become exit codes.</summary>
internal static class DmeshCommand
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "For scripts: print one JSON document to the standard output and no progress; errors are JSON on the standard error. Default: off.",
        Recursive = true,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = new Interruption();
        var parse = Create(interruption).Parse(args);
        var terminal = Terminal.For(args.Contains(Json.Name));
        if (parse.Action is ParseErrorAction)
        {
            return terminal.Fail(ParseFailures.Of(parse));
        }

        try
        {
            MeshChannel.Transport = ConnectionOptions.Read(parse);
            LocalMesh.StartTime = StartTimeout.Read(parse);
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parse.InvokeAsync(configuration, interruption.Requested);
        }
        catch (CommandFailure failure)
        {
            return terminal.Fail(failure);
        }
        catch (Exception) when (interruption.Requested.IsCancellationRequested)
        {
            return terminal.Fail(new CommandFailure(ExitCode.Interrupted, "interrupted"));
        }
        catch (RpcException error)
        {
            return terminal.Fail(RpcFailures.Of(error));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return terminal.Fail(new CommandFailure(ExitCode.Failed, error.Message));
        }
    }

    internal static RootCommand Create(Interruption interruption)
    {
        var root = Commands(interruption);
        foreach (var option in ConnectionOptions.All.Append(StartTimeout.Option))
        {
            root.Add(option);
        }

        return root;
    }

    private static RootCommand Commands(Interruption interruption) => new(
        "Searches over the noise of diffusion models. Exit codes: 0 done, 1 failed, 2 bad arguments, 130 interrupted.")
    {
        Json,
        DemoCommand.Create(interruption),
        SearchCommand.Create(interruption),
        ResumeCommand.Create(interruption),
        ReplayCommand.Create(interruption),
        RescoreCommand.Create(interruption),
        CancelCommand.Create(interruption),
        DeleteCommand.Create(interruption),
        ExperimentCommand.Create(interruption),
        UpCommand.Create(interruption),
        ModelsCommand.Create(interruption),
        CertsCommand.Create(),
        TokensCommand.Create(),
    };
}
