using DiffusionMesh.Orchestrator.Mesh.Balancing;

namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>
/// One attempt of a call: made by one leg, and by a second one on another pod where the first takes long. Whichever is
/// done first ends the attempt; the other one is cancelled.
/// </summary>
/// <param name="left">Work that is left to do, in units that take alike.</param>
/// <param name="pins">See <see cref="CallRoute.Pins"/>.</param>
/// <param name="allowance">Bounds what second legs may cost.</param>
/// <param name="leg">Does what is left; safe to run twice at once.</param>
internal sealed class HedgedAttempt(Func<double> left, string pins, HedgeAllowance allowance, Func<CallRoute, CancellationToken, Task> leg)
{
    private volatile CallRoute? _first;
    private volatile bool _firstIsOver;
    private volatile bool _secondIsDone;

    /// <summary>Work of the first leg.</summary>
    public double Work { get; } = left();

    /// <summary>When it began, as a time stamp.</summary>
    public long Since { get; set; }

    /// <summary>Whether the second leg was done before the first.</summary>
    public bool SecondWon => _secondIsDone;

    public async Task RunFirstAsync(CancellationToken cancellationToken)
    {
        using var route = CallRoute.Begin(Work, pins);
        _first = route;
        try
        {
            await leg(route, cancellationToken);
        }
        catch when (_secondIsDone)
        {
            // A pod that was overtaken is left alone for a moment, as one that failed.
            route.Fail();
            throw;
        }
        finally
        {
            _firstIsOver = true;
        }
    }

    /// <summary>Whether there was to be no second leg when one was asked for.</summary>
    public bool StaysAlone { get; private set; }

    /// <summary>Another leg; null if there shall be none: there is no other pod, the first is over, or too much was spent.</summary>
    public Func<CancellationToken, Task>? Second()
    {
        var work = _firstIsOver ? 0 : left();
        if (work > 0 && _first is { Pod: { } pod, OtherPods: > 0 } && allowance.TrySpend(work))
        {
            return token => RunSecondAsync(work, pod, token);
        }

        StaysAlone = true;
        return null;
    }

    private async Task RunSecondAsync(double work, string shunned, CancellationToken cancellationToken)
    {
        using var route = CallRoute.Begin(work, pins, [shunned], onlyElsewhere: true);
        await leg(route, cancellationToken);
        _secondIsDone = !_firstIsOver;
    }
}
