using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser;
using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Denoiser.Models;
using DiffusionMesh.Denoiser.Requests;
using DiffusionMesh.Inference.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionMesh.Benchmarks.Engine;

/// <summary>A model's engine without a server around it: requests are read and answered as the server does, and never leave the process.</summary>
/// <param name="model">The caller disposes of it.</param>
internal sealed class EngineInProcess(DiffusionModel model) : IDisposable
{
    private static readonly DenoiserOptions Options = new();

#pragma warning disable CA2213 // Its engine is disposed of; its model is the caller's.
    private readonly ServedModel _served = new(
        model, new StepEngine(model, Options, NullLogger<StepEngine>.Instance), Options.PromptCacheSize);
#pragma warning restore CA2213

    public async IAsyncEnumerable<SampleResponse> SampleAsync(
        SampleRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var trajectories = SampleRequestReader.Read(request, _served, Options);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = new SampleCall(trajectories(), TermsReader.Read(request), ended.Token);
        var messages = new SampleMessages(model, request.Outputs);
        _served.Engine.Submit(call);
        try
        {
            await foreach (var happened in call.ReadAsync())
            {
                yield return messages.ToMessage(happened);
            }
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    public void Dispose() => _served.Engine.Dispose();
}
