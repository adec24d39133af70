using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Contracts;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Cli.Tests.CommandLine;

public sealed class RpcFailuresTests
{
    [Theory]
    [InlineData("spec.budget_nfe", "--budget")]
    [InlineData("budget_nfe", "--budget")]
    [InlineData("spec.condition", "PROMPT")]
    [InlineData("spec.condition.prompt", "PROMPT")]
    [InlineData("spec.condition.class_label", "--class")]
    [InlineData("spec.negative_condition.prompt", "--negative")]
    [InlineData("spec.verifiers[0].name", "--verifier")]
    [InlineData("spec.parameters[round]", "--param")]
    [InlineData("spec.steps", "--steps")]
    [InlineData("spec.final_steps", "--final-steps")]
    [InlineData("spec.something_new", null)]
    public void Violation_OfAField_NamesTheOptionThatSetsIt(string field, string? option)
    {
        var error = RpcErrors.Create(StatusCode.InvalidArgument, "no", new BadRequest
        {
            FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = "is wrong" } },
        });

        var failure = RpcFailures.Of(error);

        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
        var violation = Assert.Single(failure.Violations);
        Assert.Equal(option, violation.Option);
        Assert.Equal("is wrong", violation.Description);
    }

    [Fact]
    public void NotFound_OfAName_ListsTheKnown()
    {
        var failure = RpcFailures.Of(RpcErrors.NotFound("spec.algorithm", "algorithm", "randon", ["random"]));

        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
        Assert.Contains("known: random", Assert.Single(failure.Violations).Description, StringComparison.Ordinal);
    }

    [Fact]
    public void ResourceExhausted_WithARetryTime_SaysWhenToTryAgain()
    {
        var failure = RpcFailures.Of(RpcErrors.ResourceExhausted("full", TimeSpan.FromSeconds(2)));

        Assert.Equal(ExitCode.Failed, failure.ExitCode);
        Assert.Equal("Try again in 2 s.", failure.Remedy);
    }
}
