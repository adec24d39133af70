using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The verifiers that the orchestrator was configured with, and those that searches name by address.</summary>
internal sealed class VerifierMesh(MeshChannels channels, IOptions<OrchestratorOptions> options, TimeProvider time)
{
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

    public VerifierService.VerifierServiceClient At(string address) => new(channels[address].Invoker);

    /// <summary>Asks a verifier what it is.</summary>
    /// <exception cref="RpcException">It does not answer.</exception>
    public async Task<Verifier> DescribeAsync(string address, CancellationToken cancellationToken)
    {
        var response = await At(address).DescribeAsync(new DescribeRequest(), deadline: Deadline(), cancellationToken: cancellationToken);
        return response.Verifier ?? new Verifier();
    }

    /// <summary>Has a request scored once, within the time limit of a question.</summary>
    /// <exception cref="RpcException">What is wrong with it.</exception>
    public async Task ProbeAsync(string address, ScoreRequest request, CancellationToken cancellationToken) =>
        await At(address).ScoreAsync(request, deadline: Deadline(), cancellationToken: cancellationToken);

    /// <summary>What each configured verifier says of itself, or why it says nothing; in the order of their names.</summary>
    public Task<VerifierStatus[]> DescribeAllAsync(CancellationToken cancellationToken) => Task.WhenAll(options.Value.Verifiers
        .OrderBy(configured => configured.Key, StringComparer.Ordinal)
        .Select(configured => StatusOfAsync(configured.Key, configured.Value, cancellationToken)));

    private async Task<VerifierStatus> StatusOfAsync(string name, string address, CancellationToken cancellationToken)
    {
        var status = new VerifierStatus { Name = name, Address = address };
        try
        {
            status.Verifier = await DescribeAsync(address, cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            status.Error = Failures.Describe(error);
        }

        return status;
    }

    private DateTime Deadline() => time.GetUtcNow().UtcDateTime.AddSeconds(options.Value.DescribeTimeoutSeconds);
}
