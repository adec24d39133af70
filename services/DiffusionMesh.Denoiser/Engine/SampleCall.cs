using System.Diagnostics;
using System.Threading.Channels;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>The trajectories of one call and the stream of what happens to them.</summary>
/// <param name="trajectories">All of them, none begun.</param>
/// <param name="previewEverySteps">Send a preview every so many steps; 0 means none.</param>
/// <param name="cancellationToken">Ends the work before its next step.</param>
internal sealed class SampleCall(IEnumerable<Trajectory> trajectories, int previewEverySteps, CancellationToken cancellationToken)
{
    // Beyond this many previews on their way to a slow reader, new ones are dropped.
    private const int MaxPendingPreviews = 8;

    private readonly Channel<SampleEvent> _events =
        Channel.CreateUnbounded<SampleEvent>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private int _pendingPreviews;

    /// <summary>Unfinished trajectories, in the order of the request. Touched by the engine's thread alone once submitted.</summary>
    public List<Trajectory> Remaining { get; } = [.. trajectories];

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>The span that the call belongs to.</summary>
    public ActivityContext Span { get; } = Activity.Current?.Context ?? default;

    /// <summary>Ends when all trajectories are finished. To be read once.</summary>
    public async IAsyncEnumerable<SampleEvent> ReadAsync()
    {
        await foreach (var happened in _events.Reader.ReadAllAsync(cancellationToken))
        {
            if (happened is SampleEvent.StepDone)
            {
                Interlocked.Decrement(ref _pendingPreviews);
            }

            yield return happened;
        }
    }

    /// <summary>Whether the evaluation that comes next may end in a preview.</summary>
    public bool WantsPreview(Trajectory trajectory) =>
        previewEverySteps > 0
        && (trajectory.Run.StepsDone + 1) % previewEverySteps == 0
        && Volatile.Read(ref _pendingPreviews) < MaxPendingPreviews;

    public void Preview(Trajectory trajectory, float[] xPrediction)
    {
        Interlocked.Increment(ref _pendingPreviews);
        _events.Writer.TryWrite(new SampleEvent.StepDone(
            trajectory, trajectory.Run.StepsDone, trajectory.Run.StatePoint.NoiseLevel, xPrediction));
    }

    public void Finish(Trajectory trajectory)
    {
        Remaining.Remove(trajectory);
        _events.Writer.TryWrite(new SampleEvent.Finished(trajectory));
        if (Remaining.Count == 0)
        {
            _events.Writer.TryComplete();
        }
    }

    public void Fail(Exception reason) => _events.Writer.TryComplete(reason);
}
