using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Says in the words of the command line what a service has answered.</summary>
internal static class RpcFailures
{
    public static CommandFailure Of(RpcException error) => Known(error) ?? Other(error);

    private static CommandFailure Other(RpcException error)
    {
        var violations = RpcErrors.Detail<BadRequest>(error)?.FieldViolations
            .Select(violation => new ViolationSection(OptionOf(violation.Field), violation.Field, InOptions(violation)))
            .ToArray() ?? [];
        var badArguments = error.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound;
        return new CommandFailure(
            badArguments ? ExitCode.BadArguments : ExitCode.Failed,
            violations.Length > 0 ? "bad arguments" : error.Status.Detail)
        {
            Violations = violations,
            Remedy = WhenAgain(error),
        };
    }

    private static CommandFailure? Known(RpcException error)
    {
        if (RpcErrors.Detail<ErrorInfo>(error) is not { Domain: RpcErrors.Domain } info)
        {
            return null;
        }

        string Value(string key) => info.Metadata.GetValueOrDefault(key, "");
        return info.Reason switch
        {
            RpcErrors.TokenRequiredReason => new(ExitCode.Failed, $"the server asks for a token with the scope {Value("scope")}")
            {
                Remedy = "Name the file that holds yours with --token-file, or set DMESH_TOKEN.",
            },
            RpcErrors.TokenUnknownReason => new(ExitCode.Failed, "the server does not know the token")
            {
                Remedy = "See what --token-file or DMESH_TOKEN holds.",
            },
            RpcErrors.ScopeMissingReason => new(ExitCode.Failed, $"the token does not have the scope {Value("scope")}")
            {
                Remedy = "Name the file of one that has it with --token-file, or set DMESH_TOKEN.",
            },
            RpcErrors.SearchUnknownReason => new(ExitCode.BadArguments, $"there is no search '{Value("search_id")}'")
            {
                Remedy = "The id of a search is 32 hexadecimal digits; --target names the orchestrator that keeps it.",
            },
            RpcErrors.NfeQuotaReason => new(
                ExitCode.Failed,
                $"the search may cost {Value("cost_nfe")} NFE, a final run included, and {Value("left_nfe")} of the {Value("quota_nfe")} that are yours each day are left")
            {
                Remedy = string.Join(' ', new[] { "A new search may ask for less with --budget.", WhenAgain(error) }.OfType<string>()),
            },
            _ => null,
        };
    }

    // What a service says in words of its interface where other options than the field's own are the remedy.
    private static string InOptions(BadRequest.Types.FieldViolation violation) => violation.Field == "spec.stop_on_hacking"
        ? "needs a verifier that only judges, to tell search from hacking: name one with --held-out"
        : violation.Description;

    private static string? WhenAgain(RpcException error) =>
        error.StatusCode == StatusCode.ResourceExhausted && RpcErrors.Detail<RetryInfo>(error) is { } retry
            ? $"Try again in {TimeText.Of(retry.RetryDelay.ToTimeSpan())}."
            : null;

    /// <summary>The option that sets a field of the specification.</summary>
    private static string? OptionOf(string field)
    {
        var path = field.StartsWith("spec.", StringComparison.Ordinal) ? field["spec.".Length..] : field;
        return path.Split('.', '[')[0] switch
        {
            "verifiers" when path.EndsWith(".on_failure", StringComparison.Ordinal) => "--on-verifier-failure",
            "verifiers" when path.EndsWith(".on_replacement", StringComparison.Ordinal) => "--on-verifier-replacement",
            "on_other_compute_class" => "--on-other-compute-class",
            "stop_on_hacking" => "--stop-on-hacking",
            "condition" => path.Contains("class", StringComparison.Ordinal) ? "--class" : "PROMPT",
            "folder" => "FOLDER",
            "name" or "version" => "MODEL",
            "prompt" => "PROMPT",
            "class_label" => "--class",
            "negative_condition" => "--negative",
            "parameters" => "--param",
            "budget_nfe" => "--budget",
            "verifiers" => "--verifier",
            "max_duration" => "--max-seconds",
            "k_best" => "--k-best",
            "target_score" => "--target-score",
            "final_steps" => "--final-steps",
            "model" or "ensemble" or "algorithm" or "seed" or "sampler" or "steps" or "guidance" => $"--{path.Split('.', '[')[0]}",
            _ => null,
        };
    }
}
