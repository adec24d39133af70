namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>
/// Loopback addresses that nobody else listens or calls on: a server that goes gets its port again when it comes back. On
/// 127.0.0.1 another server, or a call, may have been given it meanwhile.
/// </summary>
internal static class OwnLoopback
{
    private static int _last;

    /// <returns>An address with a free port, for <c>--urls</c>.</returns>
    public static string Next()
    {
        var number = Interlocked.Increment(ref _last);
        return OperatingSystem.IsMacOS()
            ? "http://127.0.0.1:0"
            : $"http://127.{10 + (Environment.ProcessId % 200)}.{number / 250}.{1 + (number % 250)}:0";
    }
}
