using System.Diagnostics;
using System.Threading.Channels;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>The trajectories of one call and the stream of what happens to them.</summary>
internal sealed class SampleCall
{
    // Beyond this many previews and notices on their way to a slow reader, new ones are dropped.
    private const int MaxPending = 8;

    private readonly Channel<SampleEvent> _events =
        Channel.CreateUnbounded<SampleEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly Seat[] _seats;
    private int _last;
    private int _pending;

    /// <param name="trajectories">All of them, none begun.</param>
    /// <param name="terms">How the call is served.</param>
    /// <param name="cancelled">Ends the work before its next step.</param>
    public SampleCall(IEnumerable<Trajectory> trajectories, CallTerms terms, CancellationToken cancelled)
    {
        (Terms, Cancelled) = (terms, cancelled);
        _seats = [.. trajectories.Select(trajectory => new Seat(this, trajectory))];
        (Unfinished, _last) = (_seats.Length, _seats.Length - 1);
    }

    public CallTerms Terms { get; }

    public CancellationToken Cancelled { get; }

    /// <summary>In the order of the request.</summary>
    public ReadOnlySpan<Seat> Seats => _seats;

    /// <summary>Trajectories that are neither finished nor given up. Touched by the engine's thread alone once submitted.</summary>
    public int Unfinished { get; private set; }

    /// <summary>Where its party's <see cref="Party.RowsDone"/> will be when the call is finished.</summary>
    public long EndsAt { get; set; }

    /// <summary>The span that the call belongs to.</summary>
    public ActivityContext Span { get; } = Activity.Current?.Context ?? default;

    /// <summary>The one that is likely to be finished last.</summary>
    public Seat LastUnfinished
    {
        get
        {
            while (_seats[_last].Party is null && _last > 0)
            {
                _last--;
            }

            return _seats[_last];
        }
    }

    /// <summary>Ends when all trajectories are finished. To be read once.</summary>
    public async IAsyncEnumerable<SampleEvent> ReadAsync()
    {
        await foreach (var happened in _events.Reader.ReadAllAsync(Cancelled))
        {
            if (happened is not SampleEvent.Finished)
            {
                Interlocked.Decrement(ref _pending);
            }

            yield return happened;
        }
    }

    /// <summary>Whether the evaluation that comes next may end in a preview.</summary>
    public bool WantsPreview(Trajectory trajectory) =>
        Terms.PreviewEverySteps > 0
        && (trajectory.Run.StepsDone + 1) % Terms.PreviewEverySteps == 0
        && Volatile.Read(ref _pending) < MaxPending;

    public void Preview(Trajectory trajectory, float[] xPrediction, TimeSpan timeLeft)
    {
        Interlocked.Increment(ref _pending);
        _events.Writer.TryWrite(new SampleEvent.StepDone(
            trajectory, trajectory.Run.StepsDone, trajectory.Run.StatePoint.NoiseLevel, xPrediction, timeLeft));
    }

    public void Notify(TimeSpan timeLeft)
    {
        if (Volatile.Read(ref _pending) < MaxPending)
        {
            Interlocked.Increment(ref _pending);
            _events.Writer.TryWrite(new SampleEvent.TimeLeftKnown(timeLeft));
        }
    }

    public void Finish(Trajectory trajectory)
    {
        _events.Writer.TryWrite(new SampleEvent.Finished(trajectory));
        if (--Unfinished == 0)
        {
            _events.Writer.TryComplete();
        }
    }

    /// <summary>Nothing more comes of it.</summary>
    public void GiveUp(Exception? reason)
    {
        Unfinished = 0;
        _events.Writer.TryComplete(reason);
    }
}
