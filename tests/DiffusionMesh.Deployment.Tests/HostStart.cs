using System.Diagnostics;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>A host that is started as a process and expected to end by itself.</summary>
/// <param name="ExitCode">Of the process.</param>
/// <param name="Errors">The lines that it wrote to the standard error.</param>
internal sealed record HostStart(int ExitCode, IReadOnlyList<string> Errors)
{
    /// <param name="host">As in <see cref="DeployedHost.All"/>.</param>
    /// <param name="settings"><c>--Section:Name=value</c>; over those of a start that goes well.</param>
    public static Task<HostStart> RunAsync(string host, params IEnumerable<string> settings) =>
        RunCommandAsync(host, ["--urls=http://127.0.0.1:0", "--ExitWithStandardInput=true", .. settings]);

    /// <param name="host">As in <see cref="DeployedHost.All"/>.</param>
    /// <param name="arguments">All of them.</param>
    public static async Task<HostStart> RunCommandAsync(string host, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, DeployedHost.All[host].Project + ".dll"), .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(10));
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            process.Kill();
        }
    }
}
