using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>The denoisers, however many there are behind the address.</summary>
internal sealed class DenoiserMesh : IDisposable
{
    private readonly MeshChannel _channel;
    private readonly OrchestratorOptions _options;

    public DenoiserMesh(MeshChannels channels, CallPolicies policies, IOptions<OrchestratorOptions> options)
    {
        _options = options.Value;
        _channel = channels.Open(_options.Denoiser);
        Client = new DenoiserService.DenoiserServiceClient(_channel.Invoker);
        Policy = policies.Of("denoiser", _channel, async token => await AskForModelsAsync(waitForPod: false, token));
    }

    public DenoiserService.DenoiserServiceClient Client { get; }

    /// <summary>How it is called.</summary>
    public CallPolicy Policy { get; }

    /// <summary>Pods that can be reached, as far as known; at least 1.</summary>
    public int Pods => _channel.Pods;

    /// <summary>Whether some pods are known to be a good deal slower than others.</summary>
    public bool PodsDiffer => _channel.PodsDiffer;

    /// <summary>Is told how many pods can be reached, 0 included.</summary>
    public event Action<int>? PodsChanged
    {
        add => _channel.PodsChanged += value;
        remove => _channel.PodsChanged -= value;
    }

    /// <summary>The models of one of the pods.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: no denoiser answers.</exception>
    public async Task<IReadOnlyList<Model>> ListModelsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await AskForModelsAsync(waitForPod: false, cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(error);
        }
    }

    /// <summary>The models of a pod that serves what is wanted; those of the last one that was asked if none does.</summary>
    /// <exception cref="RpcException">UNAVAILABLE: no denoiser answers.</exception>
    public async Task<IReadOnlyList<Model>> ListModelsAsync(Func<IReadOnlyList<Model>, bool> isWanted, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<Model> models = [];
            await Policy.AskAsync(
                async token => models = await _channel.AskEachAsync(wait => AskForModelsAsync(wait, token), isWanted), cancellationToken);
            return models;
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Silent(error);
        }
    }

    /// <summary>Has a request checked; nothing is sampled.</summary>
    /// <exception cref="RpcException">What is wrong with it.</exception>
    public async Task CheckAsync(SampleRequest request, string pins, CancellationToken cancellationToken)
    {
        var check = request.Clone();
        check.ValidateOnly = true;
        try
        {
            await Policy.AskAsync(token => CheckOnceAsync(check, pins, token), cancellationToken);
        }
        catch (OtherPodException error)
        {
            throw error.InnerException!;
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task CheckOnceAsync(SampleRequest check, string pins, CancellationToken cancellationToken)
    {
        using var route = CallRoute.Begin(0, pins);
        try
        {
            using var call = Client.Sample(check, deadline: Deadline(), cancellationToken: cancellationToken);
            await call.ResponseStream.MoveNext(cancellationToken);
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            Failures.Report(route, error);
            throw Failures.Elsewhere(route, error);
        }
    }

    private async Task<IReadOnlyList<Model>> AskForModelsAsync(bool waitForPod, CancellationToken cancellationToken)
    {
        var options = new CallOptions(deadline: Deadline(), cancellationToken: cancellationToken).WithWaitForReady(waitForPod);
        var response = await Client.ListModelsAsync(new ListModelsRequest(), options);
        return response.Models;
    }

    private RpcException Silent(RpcException error) =>
        new(new Status(StatusCode.Unavailable, $"the denoiser at {_options.Denoiser}: {Failures.Describe(error)}", error.Status.DebugException));

    private DateTime Deadline() => CallDeadline.In(_options.DescribeTimeoutSeconds);
}
