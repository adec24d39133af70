using System.Diagnostics;

namespace DiffusionMesh.Denoiser.Engine;

/// <summary>Where calls wait till the engine's thread takes them in, or lets go of them, between two ticks.</summary>
internal sealed class CallGate : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly List<SampleCall> _joining = [];
    private readonly List<SampleCall> _leaving = [];
    private volatile bool _hasChanged;
    private volatile bool _isClosed;

    public bool HasChanged => _hasChanged;

    public bool IsClosed => _isClosed;

    /// <param name="call">Joins, and leaves when it is cancelled.</param>
    /// <param name="admit">Throws if there is no room for it; no two calls are asked at the same time.</param>
    public void Enter(SampleCall call, Action admit)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);

            // Before it is counted: an engine that comes by meanwhile waits for it, and whoever is counted is in the next tick.
            _hasChanged = true;
            admit();
            _joining.Add(call);
            Signal();
        }

        call.Cancelled.UnsafeRegister(
            static state =>
            {
                var (gate, call) = ((CallGate, SampleCall))state!;
                gate.Leave(call);
            },
            (this, call));
    }

    /// <summary>Takes in who joins, lets go who leaves. For the engine's thread alone.</summary>
    public void Exchange(Action<SampleCall> join, Action<SampleCall> leave)
    {
        lock (_lock)
        {
            _hasChanged = false;
            _joining.ForEach(join);
            _leaving.ForEach(leave);
            _joining.Clear();
            _leaving.Clear();
        }
    }

    /// <summary>
    /// Waits for a change, then for those that come right after it: the calls of one round do, and an engine that began
    /// with the first alone would make all of them last a step longer.
    /// </summary>
    /// <param name="gather">How long to go on waiting while changes keep coming; below a millisecond, not at all.</param>
    public void Wait(TimeSpan gather)
    {
        _wake.WaitOne();
        var start = Stopwatch.GetTimestamp();
        while (gather >= Pause && Stopwatch.GetElapsedTime(start) < gather && _wake.WaitOne(Pause))
        {
        }
    }

    /// <summary>Lets nobody in any more and wakes the engine.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _wake.Set();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _wake.Dispose();
        }
    }

    private void Leave(SampleCall call)
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _leaving.Add(call);
                Signal();
            }
        }
    }

    private void Signal()
    {
        _hasChanged = true;
        _wake.Set();
    }
}
