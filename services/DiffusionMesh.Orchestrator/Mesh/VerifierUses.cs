using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The verifiers at several addresses, in their order, kept open until this is disposed of.</summary>
internal sealed class VerifierUses : IDisposable
{
    private readonly List<VerifierUse> _uses = [];

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: so many addresses of clients are in use at this moment.</exception>
    public VerifierUses(VerifierMesh mesh, IEnumerable<string> addresses)
    {
        try
        {
            foreach (var address in addresses)
            {
                _uses.Add(mesh.Use(address));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public VerifierAccess this[int index] => _uses[index].Verifier;

    public void Dispose() => _uses.ForEach(use => use.Dispose());
}
