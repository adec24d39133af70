using DiffusionMesh.Contracts;
using Google.Rpc;
using Grpc.Core;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>
/// How one dependency is called, over all of its pods. Calls are tried again where it could not be reached or had no room, or
/// where another pod may do what one could not. Nothing is asked of it while nearly every call fails. What takes longer than
/// calls of its size have taken is done a second time on another pod. What was refused, was cancelled or took too long for its
/// deadline is not tried again.
/// </summary>
internal sealed class CallPolicy
{
    // The delay doubles with each attempt up to this many times the first one.
    private const int MaxDelayFactor = 30;

    // Whoever asks or checks wants to know soon.
    private const int QuestionRetries = 2;

    private readonly Func<CancellationToken, Task> _ask;
    private readonly CallReport _report;
    private readonly TimeProvider _time;
    private readonly TimeSpan _delay;
    private readonly TimeSpan _maxDelay;
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly ResiliencePipeline _callRetry;
    private readonly ResiliencePipeline _questionRetry;
    private readonly ResiliencePipeline _breaker;
    private readonly Hedging _hedging;
    private readonly ResiliencePipeline<bool> _attempts;

    /// <param name="pods">How many can be reached.</param>
    /// <param name="ask">A question that takes it no work: it decides whether calls are made again after they failed.</param>
    public CallPolicy(
        Func<int> pods,
        Func<CancellationToken, Task> ask,
        CallReport report,
        OrchestratorOptions orchestrator,
        MeshOptions mesh,
        TimeProvider time)
    {
        (_ask, _report, _time) = (ask, report, time);
        _delay = TimeSpan.FromMilliseconds(orchestrator.RetryDelayMilliseconds);
        _maxDelay = _delay * MaxDelayFactor;
        _callRetry = Retry(orchestrator.RetryAttempts);
        _questionRetry = Retry(Math.Min(QuestionRetries, orchestrator.RetryAttempts));
        _breaker = Breaker(mesh);
        _hedging = new Hedging(pods, mesh, report, time);
        _attempts = _hedging.Over(_breaker);
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
                await AskOnceAsync(_ask, token);
            }

            await _hedging.RunAsync(_attempts, attempt(), token);
        },
        cancellationToken);

    /// <summary>Asks something that takes no work.</summary>
    /// <exception cref="RpcException">There is no answer, whatever was tried.</exception>
    /// <exception cref="OtherPodException">No pod could answer.</exception>
    public Task AskAsync(Func<CancellationToken, Task> question, CancellationToken cancellationToken) => ThroughAsync(
        _questionRetry, token => AskOnceAsync(question, token), cancellationToken);

    // What decides over a circuit is asked to its end, whoever goes meanwhile: given up, it would count as answered.
    private Task AskOnceAsync(Func<CancellationToken, Task> question, CancellationToken cancellationToken) => _circuit.CircuitState is CircuitState.Closed
        ? _breaker.ExecuteAsync(async asking => await question(asking), cancellationToken).AsTask()
        : _breaker.ExecuteAsync(async asking => await question(asking), CancellationToken.None).AsTask().WaitAsync(cancellationToken);

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

    private ResiliencePipeline Retry(int attempts) => attempts == 0
        ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = arguments => new(IsTransient(arguments.Outcome.Exception, arguments.AttemptNumber)),
                MaxRetryAttempts = attempts,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _delay,
                MaxDelay = _maxDelay,
                DelayGenerator = AskedDelay,
                OnRetry = retry =>
                {
                    _report.Retried(retry.Outcome.Exception, retry.AttemptNumber + 1, retry.RetryDelay);
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
                _report.CircuitIsOpen(opened.Outcome.Exception, opened.BreakDuration);
                return ValueTask.CompletedTask;
            },
            OnHalfOpened = _ =>
            {
                _report.CircuitIsHalfOpen();
                return ValueTask.CompletedTask;
            },
            OnClosed = _ =>
            {
                _report.CircuitIsClosed();
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    private static bool IsTransient(Exception? error, int attempt) => error switch
    {
        RpcException { StatusCode: StatusCode.ResourceExhausted } => true,
        RpcException unreachable => Failures.IsUnreachable(unreachable),
        OtherPodException { OtherPods: var others } => attempt < others,
        BrokenCircuitException => true,
        _ => false,
    };

    // What the service asks for is respected, within the bounds of our patience. A timer may end a part of a millisecond early:
    // an attempt at the very end of a circuit's break would find it open, and so would all others within that millisecond.
    private ValueTask<TimeSpan?> AskedDelay(RetryDelayGeneratorArguments<object> arguments)
    {
        var asked = arguments.Outcome.Exception switch
        {
            BrokenCircuitException open => open.RetryAfter + _delay,
            RpcException error when RpcErrors.Detail<RetryInfo>(error)?.RetryDelay?.ToTimeSpan() is { } delay => delay < _maxDelay ? delay : _maxDelay,
            _ => null,
        };
        return new(asked > TimeSpan.Zero ? asked : null);
    }
}
