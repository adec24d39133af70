using System.CommandLine;
using DiffusionMesh.Cli.Searching;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Commands;

/// <summary>The options that say who scores, who judges, and what follows if they do not.</summary>
internal sealed class VerifierOptions
{
    private readonly Option<string[]> _verifiers = new("--verifier")
    {
        HelpName = "NAME[=ADDRESS][:WEIGHT]",
        Description = "Verifier that selects; repeat for several. With an ADDRESS, such as http://127.0.0.1:5200 or dns:///mine:8080, one that the services do not know. Default: clip.",
    };

    private readonly Option<string[]> _heldOut = new("--held-out")
    {
        HelpName = "NAME[=ADDRESS]",
        Description = "Verifier that scores every candidate and never selects, to tell search from hacking; repeat for several.",
    };

    private readonly Option<string?> _ensemble = Choice("--ensemble", "How several verifiers choose together: by mean rank or by mean z-score. Default: rank.", "rank", "z-score");

    private readonly Option<string?> _onFailure = Choice(
        "--on-verifier-failure",
        "A candidate that a verifier does not score takes no part (exclude), is judged by the others (degrade), or ends the search (fail). Default: exclude.",
        "exclude", "degrade", "fail");

    private readonly Option<string?> _onReplacement = Choice(
        "--on-verifier-replacement",
        "A verifier that is replaced while the search runs counts as failed (refuse), or is used and named in the result (record). Default: refuse.",
        "refuse", "record");

    private readonly Option<bool> _stopOnHacking = new("--stop-on-hacking")
    {
        Description = "Stop once the searched score has risen in three rounds in which the held-out one lay clearly below its best. Needs --held-out.",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_verifiers, _heldOut, _ensemble, _onFailure, _onReplacement, _stopOnHacking])
        {
            command.Add(option);
        }
    }

    public SearchArguments Read(ParseResult parse, SearchArguments arguments)
    {
        var selecting = parse.GetValue(_verifiers) is { Length: > 0 } words ? words : ["clip"];
        return arguments with
        {
            Verifiers = [.. selecting.Select(VerifierWords.Read), .. (parse.GetValue(_heldOut) ?? []).Select(VerifierWords.ReadHeldOut)],
            Ensemble = parse.GetValue(_ensemble) ?? "",
            OnVerifierFailure = parse.GetValue(_onFailure) is { } failure ? Enum.Parse<FailurePolicy>(failure, ignoreCase: true) : default,
            OnVerifierReplacement = parse.GetValue(_onReplacement) is { } replacement ? Enum.Parse<ReplacementPolicy>(replacement, ignoreCase: true) : default,
            StopOnHacking = parse.GetValue(_stopOnHacking),
        };
    }

    private static Option<string?> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name) { HelpName = string.Join('|', values), Description = description };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
