namespace DiffusionMesh.Denoiser.Engine;

/// <summary>Where calls wait till the engine's thread takes them in, or lets go of them, between two ticks.</summary>
internal sealed class CallGate : IDisposable
{
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

    /// <summary>Waits for a change.</summary>
    public void Wait() => _wake.WaitOne();

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
