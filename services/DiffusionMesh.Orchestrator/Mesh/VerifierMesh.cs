using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.Transport;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The verifiers that the orchestrator was configured with, and those that searches name by address.</summary>
internal sealed class VerifierMesh : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly VerifierAddresses _addresses;
    private readonly OrchestratorOptions _options;
    private readonly OpenVerifiers _open;
    private readonly ITimer _timer;

    public VerifierMesh(
        MeshChannels channels, CallPolicies policies, VerifierAddresses addresses, IOptions<OrchestratorOptions> options, TimeProvider time)
    {
        (_addresses, _options) = (addresses, options.Value);
        _open = new OpenVerifiers(
            address => new VerifierAccess(NameOf(address), channels.Open(address), policies, Deadline), _options.IsOurs, time);
        _timer = time.CreateTimer(_ => _open.CloseUnused(), state: null, Look, Look);
    }

    /// <summary>Names of the configured verifiers.</summary>
    public IReadOnlyCollection<string> Names => _options.Verifiers.Keys;

    /// <summary>Where a verifier is: at the address that a search names, or that the configuration does. Else null.</summary>
    public string? AddressOf(VerifierSelection selection) =>
        selection.Address.Length > 0 ? selection.Address : _options.Verifiers.GetValueOrDefault(selection.Name);

    /// <summary>
    /// Where the verifiers of a search are now, in the order of its specification's: those that are configured may have moved
    /// since it was created.
    /// </summary>
    public IEnumerable<string> AddressesOf(SearchHeader header) =>
        header.Spec.Verifiers.Zip(header.Verifiers, (selection, bound) => AddressOf(selection) ?? bound.Address);

    /// <summary>Why a search must not call its verifiers now, though it could when it was created; null if it may.</summary>
    public string? Refusal(SearchHeader header) => header.Spec.Verifiers.Zip(AddressesOf(header))
        .Where(verifier => verifier.First.Address.Length > 0 || AddressOf(verifier.First) is null)
        .Select(verifier => _addresses.Refusal(verifier.Second) is { } refusal ? $"verifier '{verifier.First.Name}': its address {refusal}" : null)
        .FirstOrDefault(refusal => refusal is not null);

    /// <summary>The verifiers at an address, until what is returned is disposed of.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: so many addresses of clients are in use at this moment.</exception>
    public VerifierUse Use(string address) => _open.Use(address);

    /// <summary>What each configured verifier says of itself, or why it says nothing; in the order of their names.</summary>
    public Task<VerifierStatus[]> DescribeAllAsync(CancellationToken cancellationToken) => Task.WhenAll(_options.Verifiers
        .OrderBy(configured => configured.Key, StringComparer.Ordinal)
        .Select(configured => StatusOfAsync(configured.Key, configured.Value, cancellationToken)));

    public void Dispose()
    {
        _timer.Dispose();
        _open.Dispose();
    }

    private async Task<VerifierStatus> StatusOfAsync(string name, string address, CancellationToken cancellationToken)
    {
        var status = new VerifierStatus { Name = name, Address = address };
        try
        {
            using var use = Use(address);
            status.Verifier = await use.Verifier.DescribeAsync(cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            status.Error = Failures.Describe(error);
        }

        return status;
    }

    // Names that clients make up are no names for metrics.
    private string NameOf(string address) =>
        _options.Verifiers.Where(configured => MeshAddress.Normal(configured.Value) == MeshAddress.Normal(address)).Select(configured => configured.Key).Order(StringComparer.Ordinal).FirstOrDefault("verifier");

    private DateTime Deadline() => CallDeadline.In(_options.DescribeTimeoutSeconds);
}
