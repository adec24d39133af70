using DiffusionMesh.Contracts;
using Google.Rpc;
using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Retry;

namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>
/// How one dependency is called, over all of its pods. Calls are tried again where it could not be reached or had no room, or
/// where another pod may do what one could not. Nothing is asked of it while nearly every call fails. What takes longer than
/// calls of its size have taken is done a second time on another pod. What was refused, was cancelled or took too long for its
/// deadline is not tried again.
/// </summary>
internal sealed partial class CallPolicy
{
    // The delay doubles with each attempt up to this many times the first one.
    private const int MaxDelayFactor = 30;

    // Whoever asks or checks wants to know soon.
    private const int QuestionRetries = 2;

    // What is only a little slower than usual is not worth paying twice.
    private const double HedgeMargin = 1.5;

    private static readonly TimeSpan LeastHedgeDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private static readonly ResiliencePropertyKey<HedgedAttempt> Attempt = new("attempt");

    private readonly string _dependency;
    private readonly Func<int> _pods;
    private readonly Func<CancellationToken, Task> _ask;
    private readonly MeshMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _maxDelay;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly CallTimes _times;
    private readonly ResiliencePipeline _callRetry;
    private readonly ResiliencePipeline _questionRetry;
    private readonly ResiliencePipeline _breaker;
    private readonly ResiliencePipeline<bool> _attempts;

    /// <param name="dependency">What metrics and logs call it.</param>
    /// <param name="pods">How many can be reached.</param>
    /// <param name="ask">A question that takes it no work: it decides whether calls are made again after they failed.</param>
    public CallPolicy(
        string dependency,
        Func<int> pods,
        Func<CancellationToken, Task> ask,
        MeshMetrics metrics,
        OrchestratorOptions orchestrator,
        MeshOptions mesh,
        TimeProvider time,
        ILogger logger)
    {
        (_dependency, _pods, _ask, _metrics, _time, _logger) = (dependency, pods, ask, metrics, time, logger);
        var delay = TimeSpan.FromMilliseconds(orchestrator.RetryDelayMilliseconds);
        _maxDelay = delay * MaxDelayFactor;
        _times = new CallTimes(mesh.HedgePercentile, mesh.HedgeMinimumCalls);
        _callRetry = Retry(orchestrator.RetryAttempts, delay);
        _questionRetry = Retry(Math.Min(QuestionRetries, orchestrator.RetryAttempts), delay);
        _breaker = Breaker(mesh);
        _attempts = Attempts(mesh);
    }

    /// <summary>Has work done.</summary>
    /// <param name="attempt">Says what is left to do: asked before each attempt.</param>
    /// <exception cref="RpcException">It was not done, whatever was tried.</exception>
    /// <exception cref="OtherPodException">No pod could do it.</exception>
    public Task CallAsync(Func<HedgedAttempt> attempt, CancellationToken cancellationToken) => ThroughAsync(
        _callRetry, async token =>
        {
            // A circuit that is half open lets one call through, and work may take minutes: a question is answered at once.
            if (_circuit.CircuitState is not CircuitState.Closed)
            {
                await _breaker.ExecuteAsync(async asking => await _ask(asking), token);
            }

            await AttemptAsync(attempt(), token);
        },
        cancellationToken);

    /// <summary>Asks something that takes no work.</summary>
    /// <exception cref="RpcException">There is no answer, whatever was tried.</exception>
    /// <exception cref="OtherPodException">No pod could answer.</exception>
    public Task AskAsync(Func<CancellationToken, Task> question, CancellationToken cancellationToken) => ThroughAsync(
        _questionRetry, async token => await _breaker.ExecuteAsync(async asking => await question(asking), token), cancellationToken);

    private static async Task ThroughAsync(ResiliencePipeline retry, Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        try
        {
            await retry.ExecuteAsync(async token => await attempt(token), cancellationToken);
        }
        catch (BrokenCircuitException open)
        {
            throw Failures.Open(open);
        }
    }

    private async Task AttemptAsync(HedgedAttempt attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Attempt, attempt);
        attempt.Since = _time.GetTimestamp();
        try
        {
            await _attempts.ExecuteAsync(
                static async (context, attempt) =>
                {
                    await attempt.RunFirstAsync(context.CancellationToken);
                    return true;
                },
                context,
                attempt);

            // What was overtaken would have taken at least as long.
            _times.Add(attempt.Work, _time.GetElapsedTime(attempt.Since));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ResiliencePipeline Retry(int attempts, TimeSpan delay) => attempts == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => new(IsTransient(arguments.Outcome.Exception, arguments.AttemptNumber)),
                MaxRetryAttempts = attempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = delay,
                MaxDelay = _maxDelay,
                DelayGenerator = AskedDelay,
                OnRetry = retry =>
                {
                    var reason = Failures.Reason(retry.Outcome.Exception);
                    _metrics.Retried(reason);
                    LogRetry(_logger, _dependency, reason, retry.AttemptNumber + 1, retry.RetryDelay, retry.Outcome.Exception?.Message);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private ResiliencePipeline Breaker(MeshOptions options) => new ResiliencePipelineBuilder { TimeProvider = _time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            ShouldHandle = arguments => new(Failures.IsFault(arguments.Outcome.Exception)),
            FailureRatio = options.CircuitFailurePercent / 100.0,
            MinimumThroughput = options.CircuitMinimumCalls,
            SamplingDuration = TimeSpan.FromSeconds(options.CircuitSeconds),
            BreakDuration = TimeSpan.FromSeconds(options.CircuitBreakSeconds),
            StateProvider = _circuit,
            OnOpened = opened =>
            {
                _metrics.CircuitIsOpen();
                LogOpened(_logger, _dependency, opened.BreakDuration, opened.Outcome.Exception?.Message);
                return ValueTask.CompletedTask;
            },
            OnHalfOpened = _ =>
            {
                _metrics.CircuitIsHalfOpen();
                return ValueTask.CompletedTask;
            },
            OnClosed = _ =>
            {
                _metrics.CircuitIsClosed();
                LogClosed(_logger, _dependency);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    private ResiliencePipeline<bool> Attempts(MeshOptions options)
    {
        var attempts = new ResiliencePipelineBuilder<bool> { TimeProvider = _time }.AddPipeline(_breaker);
        return options.HedgePercent == 0
            ? attempts.Build()
            : attempts.AddHedging(new HedgingStrategyOptions<bool>
            {
                // One leg may fail while the other goes on.
                ShouldHandle = arguments => new(arguments.Outcome.Exception is RpcException or OtherPodException),
                MaxHedgedAttempts = 1,
                DelayGenerator = arguments => new(HedgeDelay(arguments.Context)),
                ActionGenerator = arguments => Second(arguments.PrimaryContext, arguments.ActionContext),
            }).Build();
    }

    private TimeSpan HedgeDelay(ResilienceContext context)
    {
        var left = UntilSlow(context.Properties.GetValue(Attempt, null!));
        return left is null ? LookAgain : left > LeastHedgeDelay ? left.Value : LeastHedgeDelay;
    }

    // Null where it is not known what would be slow, or where there is no other pod: both may change while a call goes on.
    private TimeSpan? UntilSlow(HedgedAttempt attempt) => _pods() > 1 && _times.Of(attempt.Work) is { } usual
        ? (usual * HedgeMargin) - _time.GetElapsedTime(attempt.Since)
        : null;

    private Func<ValueTask<Outcome<bool>>>? Second(ResilienceContext first, ResilienceContext second)
    {
        var attempt = first.Properties.GetValue(Attempt, null!);
        if (UntilSlow(attempt) is not { } left || left > TimeSpan.Zero || attempt.Second() is not { } leg)
        {
            return null;
        }

        LogHedged(_logger, _dependency);
        return async () =>
        {
            try
            {
                await leg(second.CancellationToken);
                return Outcome.FromResult(true);
            }
            finally
            {
                _metrics.Hedged(attempt.SecondWon);
            }
        };
    }

    private static bool IsTransient(Exception? error, int attempt) => error switch
    {
        RpcException { StatusCode: StatusCode.ResourceExhausted } => true,
        RpcException unreachable => Failures.IsUnreachable(unreachable),
        OtherPodException { OtherPods: var others } => attempt < others,
        BrokenCircuitException => true,
        _ => false,
    };

    // What the service asks for is respected, within the bounds of our patience.
    private ValueTask<TimeSpan?> AskedDelay(RetryDelayGeneratorArguments<object> arguments)
    {
        var asked = arguments.Outcome.Exception switch
        {
            BrokenCircuitException open => open.RetryAfter,
            RpcException error when RpcErrors.Detail<RetryInfo>(error)?.RetryDelay?.ToTimeSpan() is { } delay => delay < _maxDelay ? delay : _maxDelay,
            _ => null,
        };
        return new(asked > TimeSpan.Zero ? asked : null);
    }

    [LoggerMessage(EventName = "CallRetried", Level = LogLevel.Warning, Message = "{Dependency}: {Code}, attempt {Attempt} failed, trying again in {Delay}: {Reason}")]
    private static partial void LogRetry(ILogger logger, string dependency, string code, int attempt, TimeSpan delay, string? reason);

    [LoggerMessage(EventName = "CallHedged", Level = LogLevel.Information, Message = "{Dependency}: a call takes longer than others took, it is made on another pod as well")]
    private static partial void LogHedged(ILogger logger, string dependency);

    [LoggerMessage(EventName = "CircuitOpened", Level = LogLevel.Warning, Message = "{Dependency}: nearly every call failed, none is made for {Delay}: {Reason}")]
    private static partial void LogOpened(ILogger logger, string dependency, TimeSpan delay, string? reason);

    [LoggerMessage(EventName = "CircuitClosed", Level = LogLevel.Information, Message = "{Dependency}: answers again")]
    private static partial void LogClosed(ILogger logger, string dependency);
}
