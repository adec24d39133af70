using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Verifiers.Scoring;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Verifiers.VerifierHost;

namespace DiffusionMesh.Functional.Tests.Verifiers;

/// <summary>What callers see of a scorer that does not keep its promises.</summary>
public sealed class ScorerFailureTests
{
    private static readonly ScoreRequest TwoCandidates = new() { Candidates = { new Candidate { Id = "a" }, new Candidate { Id = "b" } } };

    [Theory]
    [InlineData(double.NaN, "SCORE_NOT_FINITE")]
    [InlineData(double.PositiveInfinity, "SCORE_NOT_FINITE")]
    [InlineData(1.0000001, "SCORE_OUT_OF_RANGE")]
    [InlineData(-2, "SCORE_OUT_OF_RANGE")]
    public async Task Score_NumberThatIsNoScore_IsAnErrorOfThatCandidate(double number, string reason)
    {
        await using var host = await StartAsync(new ScriptedScorer((_, _) => [new ScoreOutcome.Value(number), new ScoreOutcome.Value(1)]));

        var response = await new VerifierService.VerifierServiceClient(host.Channel).ScoreAsync(TwoCandidates);

        Assert.Equal(reason, response.Scores[0].Error.Reason);
        Assert.Equal(1, response.Scores[1].Value);
    }

    [Fact]
    public async Task Score_WrongCount_IsInternal()
    {
        await using var host = await StartAsync(new ScriptedScorer((_, _) => [new ScoreOutcome.Value(1)]));

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new VerifierService.VerifierServiceClient(host.Channel).ScoreAsync(TwoCandidates));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task Score_CallCancelledWhileScoring_GivesTheTurnToTheNext()
    {
        using var entered = new SemaphoreSlim(0);
        var calls = 0;
        await using var host = await StartAsync(new ScriptedScorer((task, cancellationToken) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                entered.Release();
                cancellationToken.WaitHandle.WaitOne();
                cancellationToken.ThrowIfCancellationRequested();
            }

            return [.. task.Candidates.Select(_ => new ScoreOutcome.Value(0.5))];
        }));
        var client = new VerifierService.VerifierServiceClient(host.Channel);

        using var cancellation = new CancellationTokenSource();
        var cancelled = client.ScoreAsync(TwoCandidates, cancellationToken: cancellation.Token);
        await entered.WaitAsync();
        var waiting = client.ScoreAsync(TwoCandidates);
        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await cancelled);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.All((await waiting).Scores, score => Assert.Equal(0.5, score.Value));
    }
}
