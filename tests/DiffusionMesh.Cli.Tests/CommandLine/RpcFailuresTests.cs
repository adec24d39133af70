using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Contracts;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using StatusCode = Grpc.Core.StatusCode;

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

    [Theory]
    [InlineData(0.25, "0.3 s")]
    [InlineData(59.9, "59.9 s")]
    [InlineData(61, "2 min")]
    [InlineData(7200, "2 h")]
    [InlineData(22679.1, "6 h 18 min")]
    public void Time_UntilTheNextTry_IsInWordsOfPeople(double seconds, string says) =>
        Assert.Equal($"Try again in {says}.", RpcFailures.Of(RpcErrors.ResourceExhausted("full", TimeSpan.FromSeconds(seconds))).Remedy);

    [Fact]
    public void Quota_ThatIsSpent_NamesTheOptionAndTheTime()
    {
        var failure = RpcFailures.Of(RpcErrors.Create(
            StatusCode.ResourceExhausted,
            "spec.budget_nfe: too much",
            new ErrorInfo
            {
                Reason = RpcErrors.NfeQuotaReason,
                Domain = RpcErrors.Domain,
                Metadata = { ["cost_nfe"] = "640", ["left_nfe"] = "30", ["quota_nfe"] = "1000" },
            },
            new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(22679.1)) }));

        Assert.Equal("the search may cost 640 NFE, a final run included, and 30 of the 1000 that are yours each day are left", failure.Message);
        Assert.Equal("A new search may ask for less with --budget. Try again in 6 h 18 min.", failure.Remedy);
    }

    [Fact]
    public void Search_ThatIsNotThere_IsSaidPlainly()
    {
        var failure = RpcFailures.Of(RpcErrors.SearchUnknown("abc"));

        Assert.Equal("there is no search 'abc'", failure.Message);
        Assert.Contains("--target", failure.Remedy, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadArguments, failure.ExitCode);
    }

    [Fact]
    public void StopOnHacking_WithoutAJudge_NamesTheOptionThatAddsOne()
    {
        var violations = new FieldViolations();
        violations.Add("spec.stop_on_hacking", "needs one");

        var failure = RpcFailures.Of(violations.ToException());

        var violation = Assert.Single(failure.Violations);
        Assert.Equal("--stop-on-hacking", violation.Option);
        Assert.Contains("--held-out", violation.Description, StringComparison.Ordinal);
    }
}
