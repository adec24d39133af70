using DiffusionMesh.Contracts.DenoiserV1;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The denoisers, however many there are behind the address.</summary>
internal sealed class DenoiserMesh(MeshChannels channels, IOptions<OrchestratorOptions> options, TimeProvider time)
{
    public DenoiserService.DenoiserServiceClient Client { get; } = new(channels[options.Value.Denoiser].Invoker);

    /// <summary>Pods that can be reached, as far as known; at least 1.</summary>
    public int Pods => channels[options.Value.Denoiser].Pods;

    /// <summary>Whether some pods are known to be a good deal slower than others.</summary>
    public bool PodsDiffer => channels[options.Value.Denoiser].PodsDiffer;

    /// <exception cref="RpcException">UNAVAILABLE: no denoiser answers.</exception>
    public async Task<IReadOnlyList<Model>> ListModelsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var response = await Client.ListModelsAsync(
                new ListModelsRequest(), deadline: Deadline(), cancellationToken: cancellationToken);
            return response.Models;
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RpcException(new Status(
                StatusCode.Unavailable, $"the denoiser at {options.Value.Denoiser}: {Failures.Describe(error)}"));
        }
    }

    /// <summary>Has a request checked; nothing is sampled.</summary>
    /// <exception cref="RpcException">What is wrong with it.</exception>
    public async Task CheckAsync(SampleRequest request, CancellationToken cancellationToken)
    {
        var check = request.Clone();
        check.ValidateOnly = true;
        using var call = Client.Sample(check, deadline: Deadline(), cancellationToken: cancellationToken);
        await call.ResponseStream.MoveNext(cancellationToken);
    }

    private DateTime Deadline() =>
        time.GetUtcNow().UtcDateTime.AddSeconds(options.Value.DescribeTimeoutSeconds);
}
