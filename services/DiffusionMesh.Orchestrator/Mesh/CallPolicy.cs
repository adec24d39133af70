using DiffusionMesh.Contracts;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using RpcCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// When a call is tried again: where the service could not be reached or had no room, or where another pod may do what one
/// could not. Else what was refused, what was cancelled and what took too long is not.
/// </summary>
internal sealed partial class CallPolicy
{
    // The delay doubles with each attempt up to this many times the first one.
    private const int MaxDelayFactor = 30;

    private readonly TimeSpan _maxDelay;

    public CallPolicy(IOptions<OrchestratorOptions> options, TimeProvider time, ILogger<CallPolicy> logger)
    {
        var delay = TimeSpan.FromMilliseconds(options.Value.RetryDelayMilliseconds);
        _maxDelay = delay * MaxDelayFactor;
        Pipeline = options.Value.RetryAttempts == 0
            ? ResiliencePipeline.Empty
            : new ResiliencePipelineBuilder { TimeProvider = time }
                .AddRetry(new RetryStrategyOptions
                {
                    ShouldHandle = arguments => new(IsTransient(arguments.Outcome.Exception, arguments.AttemptNumber)),
                    MaxRetryAttempts = options.Value.RetryAttempts,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = delay,
                    MaxDelay = _maxDelay,
                    DelayGenerator = AskedDelay,
                    OnRetry = retry =>
                    {
                        LogRetry(logger, retry.AttemptNumber + 1, retry.RetryDelay, retry.Outcome.Exception?.Message);
                        return ValueTask.CompletedTask;
                    },
                })
                .Build();
    }

    public ResiliencePipeline Pipeline { get; }

    private static bool IsTransient(Exception? error, int attempt) => error switch
    {
        RpcException { StatusCode: RpcCode.ResourceExhausted } => true,
        RpcException unreachable => Failures.IsUnreachable(unreachable),
        OtherPodException { OtherPods: var others } => attempt < others,
        _ => false,
    };

    // What the service asks for is respected, within the bounds of our patience.
    private ValueTask<TimeSpan?> AskedDelay(RetryDelayGeneratorArguments<object> arguments)
    {
        var asked = arguments.Outcome.Exception is RpcException error
            ? RpcErrors.Detail<RetryInfo>(error)?.RetryDelay?.ToTimeSpan()
            : null;
        return new(asked is { } delay && delay > TimeSpan.Zero ? (delay < _maxDelay ? delay : _maxDelay) : null);
    }

    [LoggerMessage(EventName = "CallRetried", Level = LogLevel.Warning, Message = "Attempt {Attempt} failed, trying again in {Delay}: {Reason}")]
    private static partial void LogRetry(ILogger logger, int attempt, TimeSpan delay, string? reason);
}
