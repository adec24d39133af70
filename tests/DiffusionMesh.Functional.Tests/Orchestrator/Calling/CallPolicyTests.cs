using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Calling;

/// <summary>Calls whose legs the test scripts: it decides when each ends, so that nothing depends on how long things take.</summary>
public sealed class CallPolicyTests
{
    private static readonly string[] Pods = ["a", "b"];

    private readonly List<string> _log = [];
    private readonly PodLoads _loads = new(TimeProvider.System, new Random(1));

    public CallPolicyTests() => _loads.SetReady(Pods.Length);

    [Fact]
    public async Task Call_ThatTakesLongerThanOthersDid_IsMadeOnAnotherPodAndTheFirstIsCancelled()
    {
        var policy = Policy(new MeshOptions { HedgeMinimumCalls = 2 });
        await MeasureAsync(policy);
        var cancelled = false;

        await policy.CallAsync(
            () => Attempt(async (route, token) =>
            {
                if (!route.OnlyElsewhere)
                {
                    cancelled = await NeverAsync(token);
                }
            }),
            CancellationToken.None);

        Assert.True(cancelled);
        Assert.Equal(2, _log.TakeLast(2).Distinct().Count());
    }

    [Fact]
    public async Task Call_OvertakenByItsSecondLeg_EndsOnceTheFirstHasToldWhatItLost()
    {
        var policy = Policy(new MeshOptions { HedgeMinimumCalls = 2 });
        await MeasureAsync(policy);
        var told = false;

        await policy.CallAsync(
            () => Attempt(async (route, token) =>
            {
                if (!route.OnlyElsewhere)
                {
                    await NeverAsync(token);
                    for (var i = 0; i < 1_000; i++)
                    {
                        await Task.Yield();
                    }

                    Volatile.Write(ref told, true);
                }
            }),
            CancellationToken.None);

        Assert.True(Volatile.Read(ref told));
    }

    [Fact]
    public async Task SecondLeg_ThatFails_LeavesTheFirstToItsEnd()
    {
        var policy = Policy(new MeshOptions { HedgeMinimumCalls = 2 });
        await MeasureAsync(policy);
        var failed = new TaskCompletionSource();

        await policy.CallAsync(
            () => Attempt(async (route, _) =>
            {
                if (route.OnlyElsewhere)
                {
                    failed.SetResult();
                    throw new RpcException(new Status(StatusCode.Internal, "broken"));
                }

                await failed.Task;
            }),
            CancellationToken.None);

        Assert.Equal(2, _log.TakeLast(2).Distinct().Count());
    }

    [Fact]
    public async Task Second_IsRefused_WithoutAPodAnotherPodOrAnAllowance()
    {
        var allowance = new HedgeAllowance(10);
        var attempt = Attempt((_, token) => NeverAsync(token), allowance);
        Assert.Null(attempt.Second());
        using var stop = new CancellationTokenSource();
        var running = attempt.RunFirstAsync(stop.Token);

        Assert.NotNull(attempt.Second());
        Assert.NotNull(attempt.Second());
        Assert.Null(attempt.Second());
        _loads.SetReady(1);
        Assert.Null(Attempt((_, token) => NeverAsync(token)).Second());

        await stop.CancelAsync();
        await running;
        Assert.Null(attempt.Second());
    }

    [Fact]
    public async Task Circuit_ThatIsOpen_LetsAQuestionThroughBeforeAnyWork()
    {
        var ill = true;
        var policy = Policy(
            new MeshOptions { CircuitMinimumCalls = 2, CircuitBreakSeconds = 1 },
            _ =>
            {
                _log.Add("question");
                ill = false;
                return Task.CompletedTask;
            });

        await policy.CallAsync(
            () => Attempt((_, _) => ill ? throw new RpcException(new Status(StatusCode.Unavailable, "down")) : Task.CompletedTask),
            CancellationToken.None);

        Assert.Equal(1, _log.Count(entry => entry == "question"));
        Assert.Equal(2, _log.IndexOf("question"));
        Assert.Equal(4, _log.Count);
    }

    [Fact]
    public async Task Circuit_WhoseBreakIsNotOverAtTheWaitsEnd_CostsOneAttempt()
    {
        var attempts = 0;
        var policy = Policy(
            new MeshOptions { CircuitMinimumCalls = 2, CircuitBreakSeconds = 1 },
            retries: 3,
            time: new HastyTime(waits: 3) { Early = TimeSpan.FromMilliseconds(0.5) });

        await policy.CallAsync(
            () => Attempt((_, _) => ++attempts > 2 ? Task.CompletedTask : throw new RpcException(new Status(StatusCode.Unavailable, "down"))),
            CancellationToken.None);

        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Circuit_ThatStaysOpen_AnswersWithTheFailureThatOpenedIt()
    {
        var policy = Policy(
            new MeshOptions { CircuitMinimumCalls = 2, CircuitBreakSeconds = 3600 },
            _ => throw new RpcException(new Status(StatusCode.Unavailable, "still down")),
            retries: 1);

        HedgedAttempt Failing() => Attempt((_, _) => throw new RpcException(new Status(StatusCode.Unavailable, "down")));
        await Assert.ThrowsAsync<RpcException>(() => policy.CallAsync(Failing, CancellationToken.None));
        using var patience = new CancellationTokenSource();
        _log.Clear();
        var refused = policy.AskAsync(_ => throw new InvalidOperationException("was asked"), patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refused);
        Assert.Empty(_log);
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.InvalidArgument)]
    public async Task Circuit_AfterRefusals_StaysClosed(StatusCode code)
    {
        var policy = Policy(new MeshOptions { CircuitMinimumCalls = 2 }, _ => throw new InvalidOperationException("was asked"), retries: 3);

        for (var i = 0; i < 3; i++)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => policy.CallAsync(
                () => Attempt((_, _) => throw new RpcException(new Status(code, "no"))), CancellationToken.None));
            Assert.Equal(code, error.StatusCode);
        }
    }

    [Fact]
    public async Task SlowCall_ThatMayNotBeMadeTwice_IsLookedAtSeldom()
    {
        var time = new HastyTime(waits: 10);
        var policy = Policy(new MeshOptions { HedgeMinimumCalls = 2 }, time: time);
        await MeasureAsync(policy);

        await policy.CallAsync(() => Attempt((_, _) => time.Waited, new HedgeAllowance(0)), CancellationToken.None);

        Assert.All(time.Waits.TakeLast(3), wait => Assert.Equal(TimeSpan.FromMilliseconds(500), wait));
    }

    private static async Task<bool> NeverAsync(CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource<bool>();
        await using var registration = cancellationToken.Register(() => ended.SetResult(true));
        return await ended.Task;
    }

    private Task MeasureAsync(CallPolicy policy) => Task.WhenAll(Enumerable.Range(0, 4).Select(
        _ => policy.CallAsync(() => Attempt((_, _) => Task.CompletedTask), CancellationToken.None)));

    private HedgedAttempt Attempt(Func<CallRoute, CancellationToken, Task> leg, HedgeAllowance? allowance = null) => new(
        () => 5,
        "pins",
        allowance ?? new HedgeAllowance(5),
        (route, token) =>
        {
            lock (_log)
            {
                _log.Add(Pods[_loads.Choose(Pods, route)]);
            }

            return leg(route, token);
        });

    private CallPolicy Policy(MeshOptions options, Func<CancellationToken, Task>? ask = null, int retries = 10, TimeProvider? time = null) => new(
        () => _loads.Ready,
        ask ?? (_ => Task.CompletedTask),
        new CallReport("test", new MeshMetrics("test"), new TelemetryOptions(), NullLogger.Instance),
        new OrchestratorOptions { RetryAttempts = retries, RetryDelayMilliseconds = 1 },
        options,
        time ?? TimeProvider.System);
}
