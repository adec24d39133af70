using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The verifiers at one address.</summary>
internal sealed class VerifierAccess : IDisposable
{
    private readonly MeshChannel _channel;
    private readonly Func<DateTime> _deadline;

    /// <param name="name">What metrics call it.</param>
    /// <param name="channel">Becomes its own.</param>
    /// <param name="deadline">Of a question that is asked now.</param>
    public VerifierAccess(string name, MeshChannel channel, CallPolicies policies, Func<DateTime> deadline)
    {
        (Name, _channel, _deadline) = (name, channel, deadline);
        Client = new VerifierService.VerifierServiceClient(channel.Invoker);
        Policy = policies.Of(name, channel, async token => await DescribeAsync(token));
    }

    /// <summary>What metrics call it.</summary>
    public string Name { get; }

    public VerifierService.VerifierServiceClient Client { get; }

    /// <summary>How it is called.</summary>
    public CallPolicy Policy { get; }

    /// <summary>Pods that can be reached, as far as known; at least 1.</summary>
    public int Pods => _channel.Pods;

    /// <summary>Most that one message may hold.</summary>
    public int MaxMessageBytes => _channel.MaxMessageBytes;

    /// <summary>Asks one of the pods what it is.</summary>
    /// <exception cref="RpcException">It does not answer.</exception>
    public Task<Verifier> DescribeAsync(CancellationToken cancellationToken) => AskAsync(waitForPod: false, cancellationToken);

    /// <summary>What a pod says of itself that is what is wanted; what the last one that was asked says if none is.</summary>
    /// <exception cref="RpcException">None answers.</exception>
    public async Task<Verifier> DescribeAsync(Func<Verifier, bool> isWanted, CancellationToken cancellationToken)
    {
        var verifier = new Verifier();
        await Policy.AskAsync(
            async token => verifier = await _channel.AskEachAsync(wait => AskAsync(wait, token), isWanted), cancellationToken);
        return verifier;
    }

    /// <summary>Has a request scored once, within the time limit of a question.</summary>
    /// <exception cref="RpcException">What is wrong with it.</exception>
    public async Task ProbeAsync(ScoreRequest request, CancellationToken cancellationToken) =>
        await Client.ScoreAsync(request, deadline: _deadline(), cancellationToken: cancellationToken);

    public void Dispose() => _channel.Dispose();

    private async Task<Verifier> AskAsync(bool waitForPod, CancellationToken cancellationToken)
    {
        var options = new CallOptions(deadline: _deadline(), cancellationToken: cancellationToken).WithWaitForReady(waitForPod);
        return (await Client.DescribeAsync(new DescribeRequest(), options)).Verifier ?? new Verifier();
    }
}
