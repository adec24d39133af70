using System.CommandLine;
using System.Text.Json;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Transport;
using Spectre.Console;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh tokens</c>: makes a token, and the settings by which a host accepts it.</summary>
internal static class TokensCommand
{
    public static Command Create()
    {
        var tenant = new Option<string?>("--tenant")
        {
            HelpName = "NAME",
            Description = "Whose searches its holder sees. Default: nobody's in particular.",
        };
        var scopes = new Option<string[]>("--scope")
        {
            HelpName = "search|score|admin",
            Description = "What it allows; repeat for several. Default: search.",
        };
        scopes.AcceptOnlyFromAmong("search", "score", "admin");
        var command = new Command("tokens", "Makes a new token, and the settings with which a host accepts it. Nothing is stored.") { tenant, scopes };
        command.SetAction(parse =>
        {
            var token = NewToken.Create();
            var accepted = new TokenSection(NewToken.HashOf(token), parse.GetValue(tenant) ?? "", parse.GetValue(scopes) is { Length: > 0 } given ? [.. given.Distinct()] : ["search"]);
            Write(new TokenDocument(token, new TokenSettings(new TokenSecurity([accepted]))), Terminal.For(parse.GetValue(DmeshCommand.Json)));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(TokenDocument document, Terminal terminal)
    {
        if (terminal.Json)
        {
            Terminal.WriteJson(Console.Out, document, DocumentJson.Legible.TokenDocument);
            return;
        }

        // The token alone on the standard output: dmesh tokens > token.txt
        terminal.Note("The token, for its holder; it is not shown again:");
        Console.Out.WriteLine(document.Token);
        terminal.Note("The settings, for the file that a host's SettingsFile names:");
        terminal.Notes.WriteLine(JsonSerializer.Serialize(document.Settings, DocumentJson.Legible.TokenSettings));
    }
}
