using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Inference.Models;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// Runs one model: holds the unfinished trajectories of all callers and evaluates the network once a tick on as many
/// rows as fit, whatever their noise level, condition, sampler or caller. Joining, finishing and cancelling happen
/// between ticks.
/// </summary>
internal sealed partial class StepEngine : IDisposable
{
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    private readonly DiffusionModel _model;
    private readonly DenoiserOptions _options;
    private readonly ILogger<StepEngine> _logger;
    private readonly EngineMetrics _metrics;
    private readonly Lock _lock = new();
    private readonly Queue<SampleCall> _joining = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private NetworkBatch _batch;
    private int _unfinished;
    private long _secondsPerTrajectory;

    public StepEngine(DiffusionModel model, DenoiserOptions options, ILogger<StepEngine> logger)
    {
        (_model, _options, _logger) = (model, options, logger);
        _metrics = new EngineMetrics(model.Manifest.Name);
        _batch = model.CreateBatch(options.MaxBatchRows, model.Shape);
        _thread = new Thread(Run) { IsBackground = true, Name = "steps of " + model.Manifest.Name };
        _thread.Start();
    }

    /// <summary>Ticks so far.</summary>
    public long Ticks { get; private set; }

    /// <summary>Trajectories that were accepted and are neither finished nor cancelled.</summary>
    public int Unfinished => Volatile.Read(ref _unfinished);

    /// <summary>Lets a call join at the next tick.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too many trajectories are waiting.</exception>
    public void Submit(SampleCall call)
    {
        var count = call.Remaining.Count;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_unfinished + count > _options.MaxQueuedTrajectories)
            {
                throw RpcErrors.ResourceExhausted(
                    $"{_unfinished} trajectories are waiting and {count} more would exceed {_options.MaxQueuedTrajectories}; try again later", RetryDelay(count));
            }

            _joining.Enqueue(call);
            Leave(-count);
            _work.Release();
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _thread.Join();
        _batch.Dispose();
        lock (_lock)
        {
            _work.Dispose();
        }

        _stopping.Dispose();
    }

    private void Run()
    {
        var calls = new List<SampleCall>();
        var turns = new RoundRobin();
        var chosen = new List<(SampleCall Call, Trajectory Trajectory)>();
        try
        {
            while (true)
            {
                if (calls.Count == 0)
                {
                    _work.Wait(_stopping.Token);
                }

                _stopping.Token.ThrowIfCancellationRequested();
                Join(calls);
                DropCancelled(calls);
                var rows = turns.Choose(calls, _options.MaxBatchRows, chosen);
                if (rows > 0)
                {
                    Tick(chosen, rows);
                    calls.RemoveAll(call => call.Remaining.Count == 0);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            lock (_lock)
            {
                calls.AddRange(_joining);
            }

            calls.ForEach(call => call.Fail(new RpcException(new Status(StatusCode.Unavailable, "the server is stopping"))));
        }
    }

    private void Join(List<SampleCall> calls)
    {
        lock (_lock)
        {
            while (_joining.TryDequeue(out var call))
            {
                calls.Add(call);
            }
        }
    }

    private void DropCancelled(List<SampleCall> calls) => calls.RemoveAll(call =>
    {
        if (call.IsCancelled)
        {
            Leave(call.Remaining.Count);
        }

        return call.IsCancelled;
    });

    private void Tick(List<(SampleCall Call, Trajectory Trajectory)> chosen, int rows)
    {
        using var span = StartSpan(chosen, rows);
        var start = Stopwatch.GetTimestamp();
        var batch = BatchOf(chosen[0].Trajectory.Shape);
        try
        {
            batch.Clear();
            foreach (var (_, trajectory) in chosen)
            {
                trajectory.Enter(batch);
            }

            _model.Evaluate(batch);
        }
        catch (Exception e)
        {
            // Whatever the runtime throws, the callers of this tick hear of it and the others are served on.
            LogTickFailed(_logger, _model.Manifest.Name, e);
            foreach (var call in chosen.Select(pair => pair.Call).Distinct())
            {
                Leave(call.Remaining.Count);
                call.Remaining.Clear();
                call.Fail(e);
            }

            return;
        }

        // Counted before anybody hears of a result.
        Ticks++;
        _metrics.Evaluated(chosen.Count, rows);
        foreach (var (call, trajectory) in chosen)
        {
            Advance(call, trajectory, batch);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        _metrics.TickTook(elapsed);
        ObserveTime(chosen[0].Trajectory, chosen.Count, elapsed);
    }

    private void Advance(SampleCall call, Trajectory trajectory, NetworkBatch batch)
    {
        var preview = call.WantsPreview(trajectory) ? new float[trajectory.Shape.Elements] : [];
        var stepsBefore = trajectory.Run.StepsDone;
        trajectory.Leave(batch, preview);
        if (trajectory.Run.IsFinished)
        {
            Leave(1);
            call.Finish(trajectory);
        }
        else if (preview.Length > 0 && trajectory.Run.StepsDone > stepsBefore)
        {
            call.Preview(trajectory, preview);
        }
    }

    private NetworkBatch BatchOf(LatentShape shape)
    {
        if (_batch.Shape != shape)
        {
            _batch.Dispose();
            _batch = _model.CreateBatch(_options.MaxBatchRows, shape);
        }

        return _batch;
    }

    private void Leave(int trajectories)
    {
        Interlocked.Add(ref _unfinished, -trajectories);
        _metrics.Unfinished(-trajectories);
    }

    // A running mean of the time that one trajectory takes from start to end when it shares its ticks.
    private void ObserveTime(Trajectory trajectory, int sharing, TimeSpan elapsed)
    {
        var seconds = elapsed.TotalSeconds / sharing * Math.Max(1, trajectory.Run.Steps);
        var mean = BitConverter.Int64BitsToDouble(_secondsPerTrajectory);
        Volatile.Write(ref _secondsPerTrajectory, BitConverter.DoubleToInt64Bits(mean == 0 ? seconds : (.9 * mean) + (.1 * seconds)));
    }

    private TimeSpan RetryDelay(int count)
    {
        var seconds = BitConverter.Int64BitsToDouble(Volatile.Read(ref _secondsPerTrajectory)) * Math.Min(count, _unfinished);
        return TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestRetry.TotalSeconds, LongestRetry.TotalSeconds));
    }

    // A tick serves many calls: it is a child of the first and linked to the others.
    private static Activity? StartSpan(List<(SampleCall Call, Trajectory Trajectory)> chosen, int rows)
    {
        if (!DiffusionMeshTelemetry.Source.HasListeners())
        {
            return null;
        }

        var links = chosen.Select(pair => pair.Call.Span).Distinct().Skip(1).Where(span => span != default).Select(span => new ActivityLink(span));
        var span = DiffusionMeshTelemetry.Source.StartActivity("denoiser.tick", ActivityKind.Internal, chosen[0].Call.Span, links: links);
        span?.SetTag(DiffusionMeshTelemetry.Rows, rows);
        span?.SetTag(DiffusionMeshTelemetry.BatchSize, chosen.Count);
        return span;
    }

    [LoggerMessage(EventName = "TickFailed", Level = LogLevel.Error, Message = "Model {Model} could not be evaluated")]
    private static partial void LogTickFailed(ILogger logger, string model, Exception error);
}
