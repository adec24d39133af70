using System.Diagnostics;
using DiffusionMesh.Inference.Models;
using Grpc.Core;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>
/// Runs one model: holds the unfinished trajectories of all callers and evaluates the network once a tick on as many
/// rows as pay off, whatever their noise level, condition, sampler or caller. Joining, finishing and cancelling happen
/// between ticks. A tick's own cost depends on the rows in it, not on how many wait.
/// </summary>
internal sealed partial class StepEngine : IDisposable
{
    private readonly DiffusionModel _model;
    private readonly ILogger<StepEngine> _logger;
    private readonly EngineMetrics _metrics;
    private readonly Backlog _backlog = new();
    private readonly Pace _pace;
    private readonly Forecast _forecast;
    private readonly QueueRoom _room;
    private readonly CallGate _gate = new();
    private readonly Turns _turns = new();
    private readonly Seating _seating;
    private readonly HashSet<SampleCall> _calls = [];
    private readonly TimeLeftNotices _notices;
    private readonly List<Seat> _chosen = [];
    private readonly ShapeBatches _batches;
    private readonly Thread _thread;

    public StepEngine(DiffusionModel model, DenoiserOptions options, ILogger<StepEngine> logger)
    {
        (_model, _logger) = (model, logger);
        _metrics = new EngineMetrics(model.Manifest.Name);
        _seating = new Seating(_turns, _backlog, _metrics);
        _pace = new Pace(model.BatchCurve);
        _forecast = new Forecast(_backlog, _pace);
        _room = new QueueRoom(_backlog, _forecast, options.MaxQueuedTrajectories);
        _notices = new TimeLeftNotices(_forecast);
        _batches = new ShapeBatches(model, options.MaxBatchRows);
        _thread = new Thread(Run) { IsBackground = true, Name = "steps of " + model.Manifest.Name };
        _thread.Start();
    }

    /// <summary>Ticks so far.</summary>
    public long Ticks { get; private set; }

    /// <summary>Trajectories that were accepted and are neither finished nor cancelled.</summary>
    public int Unfinished => _backlog.Trajectories;

    /// <summary>Lets a call join at the next tick.</summary>
    /// <param name="call">The call.</param>
    /// <param name="available">Time until its deadline; null if it has none.</param>
    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT: more trajectories than ever fit. RESOURCE_EXHAUSTED: too many are waiting. DEADLINE_EXCEEDED: the deadline cannot be met.
    /// </exception>
    public void Submit(SampleCall call, TimeSpan? available = null)
    {
        if (available is { } time)
        {
            _forecast.RequirePossible(call, time);
        }

        if (call.Terms.TimeLeft)
        {
            call.Notify(_forecast.TimeLeftBefore(call));
        }

        _gate.Enter(call, () =>
        {
            _room.Require(call.Seats.Length);
            _seating.Expect(call);
        });
    }

    public void Dispose()
    {
        _gate.Close();
        _model.Terminate();
        _thread.Join();
        _batches.Dispose();
        _gate.Dispose();
    }

    private void Run()
    {
        while (!_gate.IsClosed)
        {
            if (_gate.HasChanged)
            {
                _gate.Exchange(Join, Drop);
            }

            if (_turns.TryNext(out var shape, out var waitingRows))
            {
                var rows = _turns.Fill(shape, _pace.BestRows(waitingRows), _chosen);
                Tick(shape, rows);
                _notices.Send();
            }
            else
            {
                _gate.Wait(gather: TimeSpan.FromSeconds(_pace.Tick(1) / 10));
            }
        }

        _gate.Exchange(Join, Drop);
        var stopping = new RpcException(new Status(StatusCode.Unavailable, "the server is stopping"));
        foreach (var call in _calls.ToArray())
        {
            GiveUp(call, stopping);
        }
    }

    private void Join(SampleCall call)
    {
        _calls.Add(call);
        _seating.Join(call);
        if (call.Terms.TimeLeft)
        {
            _notices.Add(call);
        }
    }

    private void Drop(SampleCall call)
    {
        if (_calls.Contains(call))
        {
            GiveUp(call, null);
        }
    }

    private void GiveUp(SampleCall call, Exception? reason)
    {
        foreach (var seat in call.Seats)
        {
            if (seat.Party is not null)
            {
                _seating.Leave(seat);
            }
        }

        _calls.Remove(call);
        call.GiveUp(reason);
    }

    private void Tick(LatentShape shape, int rows)
    {
        using var span = TickSpan.Start(_chosen, rows);
        var start = Stopwatch.GetTimestamp();
        NetworkBatch batch;
        try
        {
            batch = _batches.Of(shape);
            foreach (var seat in _chosen)
            {
                seat.Begin(start);
                seat.Trajectory.Enter(batch);
            }

            _model.Evaluate(batch);
        }
        catch (Exception) when (_gate.IsClosed)
        {
            // It was ended on purpose; the callers hear that the server is stopping.
            return;
        }
        catch (Exception e)
        {
            // Whatever the runtime throws, the callers of this tick hear of it and the others are served on.
            LogTickFailed(_logger, _model.Manifest.Name, e);
            foreach (var call in _chosen.Select(seat => seat.Call).Distinct())
            {
                GiveUp(call, e);
            }

            return;
        }

        // Counted before anybody hears of a result.
        Ticks++;
        _metrics.Evaluated(_chosen.Count, rows);
        foreach (var seat in _chosen)
        {
            Advance(seat, batch);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        _metrics.TickTook(elapsed);
        _pace.Observe(rows, elapsed.TotalSeconds);
    }

    private void Advance(Seat seat, NetworkBatch batch)
    {
        var (call, trajectory) = (seat.Call, seat.Trajectory);
        var preview = call.WantsPreview(trajectory) ? new float[trajectory.Shape.Elements] : [];
        var stepsBefore = trajectory.Run.StepsDone;
        trajectory.Leave(batch, preview);
        if (trajectory.Run.IsFinished)
        {
            _seating.Leave(seat);
            call.Finish(trajectory);
            if (call.Unfinished == 0)
            {
                _calls.Remove(call);
            }

            return;
        }

        _seating.Recount(seat);
        if (preview.Length > 0 && trajectory.Run.StepsDone > stepsBefore)
        {
            call.Preview(trajectory, preview, Stopwatch.GetElapsedTime(0, seat.TimeLeft(Stopwatch.GetTimestamp())));
        }
    }

    [LoggerMessage(EventName = "TickFailed", Level = LogLevel.Error, Message = "Model {Model} could not be evaluated")]
    private static partial void LogTickFailed(ILogger logger, string model, Exception error);
}
