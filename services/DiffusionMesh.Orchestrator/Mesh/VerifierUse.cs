namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The verifiers at one address, kept open until this is disposed of.</summary>
internal sealed class VerifierUse(VerifierAccess verifier, Action done) : IDisposable
{
    private Action? _done = done;

    public VerifierAccess Verifier => verifier;

    public void Dispose() => Interlocked.Exchange(ref _done, null)?.Invoke();
}
