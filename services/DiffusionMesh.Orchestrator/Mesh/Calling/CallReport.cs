using DiffusionMesh.ServiceDefaults.Telemetry;

namespace DiffusionMesh.Orchestrator.Mesh.Calling;

/// <summary>Tells logs and metrics what becomes of the calls to one dependency.</summary>
internal sealed partial class CallReport(string dependency, MeshMetrics metrics, TelemetryOptions telemetry, ILogger logger)
{
    public void Retried(Exception? error, int attempt, TimeSpan delay)
    {
        var reason = Failures.Reason(error);
        metrics.Retried(reason);
        LogRetry(logger, dependency, reason, attempt, delay, Failures.ForLogs(error, telemetry.Prompts));
    }

    public void Hedging() => LogHedged(logger, dependency);

    public void Hedged(bool won) => metrics.Hedged(won);

    public void CircuitIsOpen(Exception? error, TimeSpan delay)
    {
        metrics.CircuitIsOpen();
        LogOpened(logger, dependency, delay, Failures.ForLogs(error, telemetry.Prompts));
    }

    public void CircuitIsHalfOpen() => metrics.CircuitIsHalfOpen();

    public void CircuitIsClosed()
    {
        metrics.CircuitIsClosed();
        LogClosed(logger, dependency);
    }

    [LoggerMessage(EventName = "CallRetried", Level = LogLevel.Warning, Message = "{Dependency}: {Code}, attempt {Attempt} failed, trying again in {Delay}: {Reason}")]
    private static partial void LogRetry(ILogger logger, string dependency, string code, int attempt, TimeSpan delay, string reason);

    [LoggerMessage(EventName = "CallHedged", Level = LogLevel.Information, Message = "{Dependency}: a call takes longer than others took, it is made on another pod as well")]
    private static partial void LogHedged(ILogger logger, string dependency);

    [LoggerMessage(EventName = "CircuitOpened", Level = LogLevel.Warning, Message = "{Dependency}: nearly every call failed, none is made for {Delay}: {Reason}")]
    private static partial void LogOpened(ILogger logger, string dependency, TimeSpan delay, string reason);

    [LoggerMessage(EventName = "CircuitClosed", Level = LogLevel.Information, Message = "{Dependency}: answers again")]
    private static partial void LogClosed(ILogger logger, string dependency);
}
