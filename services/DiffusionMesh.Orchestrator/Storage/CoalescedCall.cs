namespace DiffusionMesh.Orchestrator.Storage;

/// <summary>A call that follows each request, never twice at a time: one answers for all requests that came before it began.</summary>
internal sealed class CoalescedCall(Func<Task> call) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private bool _isRequested;
    private bool _isRunning;
    private Task _running = Task.CompletedTask;

    public void Request()
    {
        lock (_gate)
        {
            _isRequested = true;
            if (!_isRunning)
            {
                _isRunning = true;
                _running = Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Waits for what was requested, and throws what the last call threw.</summary>
    public async ValueTask DisposeAsync() => await _running;

    private async Task RunAsync()
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isRequested)
                {
                    _isRunning = false;
                    return;
                }

                _isRequested = false;
            }

            try
            {
                await call();
            }
            catch
            {
                lock (_gate)
                {
                    _isRunning = false;
                }

                throw;
            }
        }
    }
}
