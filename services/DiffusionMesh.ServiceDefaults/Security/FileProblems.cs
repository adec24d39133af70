using Microsoft.Extensions.Logging;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>Writes to the log why a certificate or token that has changed is not used.</summary>
internal sealed partial class FileProblems(ILogger<FileProblems> logger)
{
    public void Report(string problem) => LogProblem(logger, problem);

    [LoggerMessage(EventName = "SecurityFileUnusable", Level = LogLevel.Error, Message = "What was read before stays in use: {Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}
