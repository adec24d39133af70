using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Contracts;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Says in the words of the command line what a service has answered.</summary>
internal static class RpcFailures
{
    public static CommandFailure Of(RpcException error)
    {
        var violations = RpcErrors.Detail<BadRequest>(error)?.FieldViolations
            .Select(violation => new ViolationSection(OptionOf(violation.Field), violation.Field, violation.Description))
            .ToArray() ?? [];
        var badArguments = error.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound;
        return new CommandFailure(
            badArguments ? ExitCode.BadArguments : ExitCode.Failed,
            violations.Length > 0 ? "bad arguments" : error.Status.Detail)
        {
            Violations = violations,
            Remedy = error.StatusCode == StatusCode.ResourceExhausted && RpcErrors.Detail<RetryInfo>(error) is { } retry
                ? $"Try again in {retry.RetryDelay.ToTimeSpan().TotalSeconds:0.#} s."
                : null,
        };
    }

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
