using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Verifiers.Scoring;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;
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
        await using var host = await StartAsync(new ScriptedScorer(new ScoreOutcome.Value(number), new ScoreOutcome.Value(1)));

        var response = await new VerifierService.VerifierServiceClient(host.Channel).ScoreAsync(TwoCandidates);

        Assert.Equal(reason, response.Scores[0].Error.Reason);
        Assert.Equal(1, response.Scores[1].Value);
    }

    [Fact]
    public async Task Score_WrongCount_IsInternal()
    {
        await using var host = await StartAsync(new ScriptedScorer(new ScoreOutcome.Value(1)));

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new VerifierService.VerifierServiceClient(host.Channel).ScoreAsync(TwoCandidates));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task Score_CallCancelledWhileScoring_GivesItsPlaceToTheNext()
    {
        using var entered = new SemaphoreSlim(0);
        var calls = 0;
        await using var host = await StartAsync(
            new ScriptedScorer(async (task, cancellationToken) =>
            {
                if (Interlocked.Increment(ref calls) == 1)
                {
                    entered.Release();
                    await Task.Delay(Timeout.Infinite, cancellationToken);
                }

                return [.. task.Candidates.Select(_ => new ScoreOutcome.Value(0.5))];
            }),
            "--Verifier:MaxBatchSize=2",
            "--Verifier:MaxQueuedCandidates=2");
        var client = new VerifierService.VerifierServiceClient(host.Channel);

        using var cancellation = new CancellationTokenSource();
        var cancelled = client.ScoreAsync(TwoCandidates, cancellationToken: cancellation.Token);
        await entered.WaitAsync();
        var full = await Assert.ThrowsAsync<RpcException>(async () => await client.ScoreAsync(TwoCandidates));
        await cancellation.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(async () => await cancelled);

        Assert.Equal(StatusCode.ResourceExhausted, full.StatusCode);
        Assert.InRange(RpcErrors.Detail<RetryInfo>(full)!.RetryDelay.ToTimeSpan(), TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        Assert.All((await WhenThereIsRoomAsync(client)).Scores, score => Assert.Equal(0.5, score.Value));
    }

    [Fact]
    public async Task Start_QueueShorterThanACall_SaysWhich()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(
            () => StartAsync(new ScriptedScorer(), "--Verifier:MaxBatchSize=3", "--Verifier:MaxQueuedCandidates=2"));

        Assert.Contains("Verifier:MaxQueuedCandidates", error.Message, StringComparison.Ordinal);
    }

    // As clients do: the server hears of a cancellation a moment after the caller.
    private static async Task<ScoreResponse> WhenThereIsRoomAsync(VerifierService.VerifierServiceClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            try
            {
                return await client.ScoreAsync(TwoCandidates, cancellationToken: limit.Token);
            }
            catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
            {
                await Task.Delay(RpcErrors.Detail<RetryInfo>(full)!.RetryDelay.ToTimeSpan(), limit.Token);
            }
        }
    }
}
