using System.Collections.Concurrent;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The verifiers that the orchestrator was configured with, and those that searches name by address.</summary>
internal sealed class VerifierMesh(MeshChannels channels, CallPolicies policies, IOptions<OrchestratorOptions> options)
{
    private readonly ConcurrentDictionary<string, Lazy<VerifierAccess>> _verifiers = new(StringComparer.Ordinal);

    /// <summary>Names of the configured verifiers.</summary>
    public IReadOnlyCollection<string> Names => options.Value.Verifiers.Keys;

    /// <summary>Where a verifier is: at the address that a search names, or that the configuration does. Else null.</summary>
    public string? AddressOf(VerifierSelection selection) =>
        selection.Address.Length > 0 ? selection.Address : options.Value.Verifiers.GetValueOrDefault(selection.Name);

    /// <summary>
    /// Where the verifiers of a search are now, in the order of its specification's: those that are configured may have moved
    /// since it was created.
    /// </summary>
    public IEnumerable<string> AddressesOf(SearchHeader header) =>
        header.Spec.Verifiers.Zip(header.Verifiers, (selection, bound) => AddressOf(selection) ?? bound.Address);

    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: clients have named too many addresses.</exception>
    public VerifierAccess this[string address]
    {
        get
        {
            var channel = channels[address];
            return _verifiers.GetOrAdd(
                address, to => new Lazy<VerifierAccess>(() => new VerifierAccess(NameOf(to), channel, policies, Deadline))).Value;
        }
    }

    /// <summary>What each configured verifier says of itself, or why it says nothing; in the order of their names.</summary>
    public Task<VerifierStatus[]> DescribeAllAsync(CancellationToken cancellationToken) => Task.WhenAll(options.Value.Verifiers
        .OrderBy(configured => configured.Key, StringComparer.Ordinal)
        .Select(configured => StatusOfAsync(configured.Key, configured.Value, cancellationToken)));

    private async Task<VerifierStatus> StatusOfAsync(string name, string address, CancellationToken cancellationToken)
    {
        var status = new VerifierStatus { Name = name, Address = address };
        try
        {
            status.Verifier = await this[address].DescribeAsync(cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            status.Error = Failures.Describe(error);
        }

        return status;
    }

    // Names that clients make up are no names for metrics.
    private string NameOf(string address) =>
        options.Value.Verifiers.Where(configured => configured.Value == address).Select(configured => configured.Key).Order(StringComparer.Ordinal).FirstOrDefault("verifier");

    private DateTime Deadline() => CallDeadline.In(options.Value.DescribeTimeoutSeconds);
}
