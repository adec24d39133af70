using System.Collections.Immutable;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Search.Ports;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>The verifiers of one search, as they described themselves when it was created.</summary>
internal sealed class SearchVerifiers : IDisposable
{
    private readonly VerifierMesh _mesh;
    private readonly SearchHeader _header;
    private VerifierUses? _uses;

    /// <param name="port">Makes one, given its position in the specification and the way to it once that is open.</param>
    public SearchVerifiers(VerifierMesh mesh, SearchHeader header, Func<int, Func<VerifierAccess>, IVerifier> port)
    {
        (_mesh, _header) = (mesh, header);
        Ports = [.. Enumerable.Range(0, header.Verifiers.Count).Select(i => port(i, () => _uses![i]))];
    }

    /// <summary>In the order of the specification's. Not called before they are opened.</summary>
    public ImmutableArray<IVerifier> Ports { get; }

    /// <exception cref="VerifierRefusedException">One of them must not be called any more, or not now.</exception>
    public void Open()
    {
        if (_mesh.Refusal(_header) is { } refusal)
        {
            throw new VerifierRefusedException(refusal);
        }

        try
        {
            _uses = new VerifierUses(_mesh, _mesh.AddressesOf(_header));
        }
        catch (RpcException full)
        {
            throw new VerifierRefusedException(full.Status.Detail, full);
        }
    }

    public void Dispose() => _uses?.Dispose();
}

/// <summary>The verifiers of a search must not be called. The message is for users.</summary>
internal sealed class VerifierRefusedException(string message, Exception? inner = null) : Exception(message, inner);
