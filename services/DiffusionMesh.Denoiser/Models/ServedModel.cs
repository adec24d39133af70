using DiffusionMesh.Denoiser.Engine;
using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Denoiser.Models;

/// <summary>
/// A version of a model that is ready, with the loop that runs it. Taken out of service, it stays until the calls that
/// use it have ended; then its memory is given back.
/// </summary>
internal sealed class ServedModel(DiffusionModel model, StepEngine engine, int promptCacheSize) : IDisposable
{
    private readonly TaskCompletionSource _unused = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for being in service, and one for each call.
    private int _users = 1;
    private volatile bool _isRetired;
    private int _isDisposed;

    public string Name => Model.Manifest.Name;

    public string Version => Model.Manifest.Version;

    public DiffusionModel Model { get; } = model;

    public StepEngine Engine { get; } = engine;

    public PromptCache Prompts { get; } = new(model, promptCacheSize);

    /// <summary>Calls that use it now.</summary>
    public int Calls => Volatile.Read(ref _users) - (_isRetired ? 0 : 1);

    /// <summary>Whether its memory was given back.</summary>
    public bool IsGone => Volatile.Read(ref _isDisposed) == 2;

    /// <summary>Lets a call use the model. Each must <see cref="Leave"/>.</summary>
    /// <returns>False if it is gone.</returns>
    public bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _unused.SetResult();
        }
    }

    /// <summary>Ends its service: once, after no new call can find it.</summary>
    /// <returns>Completes when its last call has ended and its memory is given back.</returns>
    public async Task RetireAsync()
    {
        _isRetired = true;
        Leave();
        await _unused.Task;
        Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            Engine.Dispose();
            Model.Dispose();
            Volatile.Write(ref _isDisposed, 2);
        }
    }
}
