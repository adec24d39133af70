using System.Diagnostics;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Benchmarks.Simulated;

/// <summary>When networks were evaluated.</summary>
internal sealed class EvaluationClock
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _reached = new();
    private int _awaited;
    private int _evaluations;
    private long _firstStart;
    private long _lastEnd;

    /// <summary>When the first evaluation since <see cref="NextAsync"/> began.</summary>
    public long FirstStart => Volatile.Read(ref _firstStart);

    /// <summary>When the last evaluation ended.</summary>
    public long LastEnd => Volatile.Read(ref _lastEnd);

    /// <summary>The network, with this clock beside it.</summary>
    public IDenoiserNetwork Observe(IDenoiserNetwork network) => new ObservedNetwork(network, this);

    /// <summary>Waits until so many further evaluations have begun.</summary>
    public Task NextAsync(int evaluations)
    {
        lock (_lock)
        {
            (_evaluations, _awaited, _firstStart) = (0, evaluations, 0);
            _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _reached.Task;
        }
    }

    private void Started()
    {
        lock (_lock)
        {
            if (_evaluations == 0)
            {
                _firstStart = Stopwatch.GetTimestamp();
            }

            if (++_evaluations == _awaited)
            {
                _reached.TrySetResult();
            }
        }
    }

    private void Ended() => Volatile.Write(ref _lastEnd, Stopwatch.GetTimestamp());

    private sealed class ObservedNetwork(IDenoiserNetwork network, EvaluationClock clock) : IDenoiserNetwork
    {
        public void Evaluate(NetworkBatch batch)
        {
            clock.Started();
            network.Evaluate(batch);
            clock.Ended();
        }

        public void Dispose() => network.Dispose();
    }
}
