using DiffusionMesh.Inference.Models;

namespace DiffusionMesh.Functional.Tests.Denoiser;

/// <summary>A network that predicts zeros, at once or, while it is held, one evaluation at a time.</summary>
internal sealed class SteppedNetwork : IDenoiserNetwork
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _entered = new(0);
    private readonly SemaphoreSlim _let = new(0);
    private readonly List<int> _rows = [];
    private volatile bool _isHeld;

    /// <summary>Rows of each evaluation since it was held first.</summary>
    public IReadOnlyList<int> Rows
    {
        get
        {
            lock (_rows)
            {
                return [.. _rows];
            }
        }
    }

    public void Hold() => _isHeld = true;

    /// <summary>Waits till an evaluation has begun; it does not end before <see cref="Let"/>.</summary>
    public async Task EnteredAsync() => Assert.True(await _entered.WaitAsync(Limit), "no evaluation began");

    /// <summary>Lets the evaluation end that has begun.</summary>
    public void Let() => _let.Release();

    /// <summary>Lets so many evaluations end, one after the other; the next one has begun.</summary>
    public async Task StepAsync(int evaluations)
    {
        for (var i = 0; i < evaluations; i++)
        {
            Let();
            await EnteredAsync();
        }
    }

    /// <summary>Lets all evaluations end.</summary>
    public void Free()
    {
        _isHeld = false;
        _let.Release();
    }

    public void Evaluate(NetworkBatch batch)
    {
        if (_isHeld)
        {
            lock (_rows)
            {
                _rows.Add(batch.Rows);
            }

            _entered.Release();
            Assert.True(_let.Wait(Limit), "the evaluation was never let go");
        }

        for (var row = 0; row < batch.Rows; row++)
        {
            batch.Prediction(row).Clear();
        }
    }

    public void Dispose()
    {
        _entered.Dispose();
        _let.Dispose();
    }
}
