using Grpc.Core;
using Polly;
using Polly.Hedging;

namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>Makes attempts that take longer than others of their size took a second time, on another pod.</summary>
/// <param name="pods">How many can be reached.</param>
internal sealed class Hedging(Func<int> pods, MeshOptions options, CallReport report, TimeProvider time)
{
    // What is only a little slower than usual is not worth paying twice.
    private const double Margin = 1.5;

    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private static readonly ResiliencePropertyKey<HedgedAttempt> Attempt = new("attempt");

    private readonly CallTimes _times = new(options.HedgePercentile, options.HedgeMinimumCalls);

    /// <param name="leg">What each leg goes through.</param>
    public ResiliencePipeline<bool> Over(ResiliencePipeline leg)
    {
        var attempts = new ResiliencePipelineBuilder<bool> { TimeProvider = time }.AddPipeline(leg);
        return options.HedgePercent == 0
            ? attempts.Build()
            : attempts.AddHedging(new HedgingStrategyOptions<bool>
            {
                // One leg may fail while the other goes on.
                ShouldHandle = arguments => new(arguments.Outcome.Exception is RpcException or OtherPodException),
                MaxHedgedAttempts = 1,
                DelayGenerator = arguments => new(Delay(arguments.Context)),
                ActionGenerator = arguments => Second(arguments.PrimaryContext, arguments.ActionContext),
            }).Build();
    }

    /// <summary>Makes an attempt.</summary>
    /// <param name="attempts">From <see cref="Over"/>.</param>
    public async Task RunAsync(ResiliencePipeline<bool> attempts, HedgedAttempt attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Attempt, attempt);
        attempt.Since = time.GetTimestamp();
        try
        {
            await attempts.ExecuteAsync(
                static async (context, attempt) =>
                {
                    await attempt.RunFirstAsync(context.CancellationToken);
                    return true;
                },
                context,
                attempt);

            // What was overtaken would have taken at least as long.
            _times.Add(attempt.Work, time.GetElapsedTime(attempt.Since));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan Delay(ResilienceContext context)
    {
        var attempt = context.Properties.GetValue(Attempt, null!);
        var left = UntilSlow(attempt);
        return left is null || attempt.StaysAlone ? LookAgain : left > LeastDelay ? left.Value : LeastDelay;
    }

    // Null where it is not known what would be slow, or where there is no other pod: both may change while a call goes on.
    private TimeSpan? UntilSlow(HedgedAttempt attempt) => pods() > 1 && _times.Of(attempt.Work) is { } usual
        ? (usual * Margin) - time.GetElapsedTime(attempt.Since)
        : null;

    private Func<ValueTask<Outcome<bool>>>? Second(ResilienceContext first, ResilienceContext second)
    {
        var attempt = first.Properties.GetValue(Attempt, null!);
        if (UntilSlow(attempt) is not { } left || left > TimeSpan.Zero || attempt.Second() is not { } leg)
        {
            return null;
        }

        report.Hedging();
        return async () =>
        {
            try
            {
                await leg(second.CancellationToken);
                return Outcome.FromResult(true);
            }
            finally
            {
                report.Hedged(attempt.SecondWon);
            }
        };
    }
}
