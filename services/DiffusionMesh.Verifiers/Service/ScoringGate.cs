namespace DiffusionMesh.Verifiers.Service;

/// <summary>Lets so many calls score at a time, so that waiting calls hold no thread and probes are answered.</summary>
internal sealed class ScoringGate(VerifierOptions limits) : IDisposable
{
    private readonly SemaphoreSlim _free = new(limits.Parallelism);

    /// <summary>Waits for a turn; dispose of it to end the turn.</summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        return new Turn(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
