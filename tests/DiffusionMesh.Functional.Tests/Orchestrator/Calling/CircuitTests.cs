using DiffusionMesh.Functional.Tests.Orchestrator.Balancing;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Calling;

/// <summary>What a circuit that is half open goes by. The test moves its clock.</summary>
public sealed class CircuitTests
{
    private const int BreakSeconds = 5;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Circuit_WhoseQuestionIsGivenUp_WaitsForItsAnswerAllTheSame(bool beforeWork)
    {
        var time = new ManualTime();
        var answer = new TaskCompletionSource();
        var policy = Policy(token => answer.Task.WaitAsync(token), time);
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<RpcException>(() => policy.AskAsync(_ => throw new RpcException(new Status(StatusCode.Unavailable, "down")), CancellationToken.None));
        }

        time.Pass(BreakSeconds + 1);
        using var patience = new CancellationTokenSource();
        var givenUp = beforeWork
            ? policy.CallAsync(() => throw new InvalidOperationException("work was begun"), patience.Token)
            : policy.AskAsync(token => answer.Task.WaitAsync(token), patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);

        var refused = await Assert.ThrowsAsync<RpcException>(() => policy.AskAsync(_ => throw new InvalidOperationException("was asked"), CancellationToken.None));

        Assert.Equal("down", refused.Status.Detail);
        answer.SetResult();
    }

    private static CallPolicy Policy(Func<CancellationToken, Task> ask, TimeProvider time) => new(
        () => 1,
        ask,
        new CallReport("test", new MeshMetrics("test"), new TelemetryOptions(), NullLogger.Instance),
        new OrchestratorOptions { RetryAttempts = 0 },
        new MeshOptions { CircuitMinimumCalls = 2, CircuitBreakSeconds = BreakSeconds },
        time);
}
