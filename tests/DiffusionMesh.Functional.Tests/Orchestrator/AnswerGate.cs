using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Keeps a scripted denoiser waiting before its 7th answer until the test opens it: in mid-search, at a known place.</summary>
internal sealed class AnswerGate
{
    private const int Before = 6;

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once the denoiser waits.</summary>
    public Task Reached => _reached.Task;

    public void Open() => _open.TrySetResult();

    /// <summary>For <see cref="ScriptedDenoiser.BeforeAnswer"/>.</summary>
    public async Task PassAsync(int answered, ServerCallContext call)
    {
        if (answered >= Before)
        {
            _reached.TrySetResult();
            await _open.Task.WaitAsync(call.CancellationToken);
        }
    }
}
