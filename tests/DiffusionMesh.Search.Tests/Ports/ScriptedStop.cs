using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Ports;

/// <summary>Ends a search where the test says.</summary>
internal sealed class ScriptedStop : IStopSignal, IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>Round before which it asks to stop; never by default.</summary>
    public int StopBefore { get; init; } = int.MaxValue;

    public StopReason Reason { get; init; } = StopReason.TimeLimit;

    /// <summary>Rounds about which it was asked.</summary>
    public List<int> Asked { get; } = [];

    public CancellationToken Cancelled => _cancelled.Token;

    public void Cancel() => _cancelled.Cancel();

    public StopReason? BeforeRound(int round)
    {
        Asked.Add(round);
        return _cancelled.IsCancellationRequested ? StopReason.Cancelled : round >= StopBefore ? Reason : null;
    }

    public void Dispose() => _cancelled.Dispose();
}
