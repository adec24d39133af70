using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Lifetime;

/// <summary>Stops the host when its standard input ends.</summary>
/// <remarks>
/// The parent holds the other end of that pipe. However it dies, the operating system closes it: no
/// signal has to be sent, no process has to be watched, and it works the same on every system.
/// </remarks>
internal sealed partial class StandardInputLifetime(
    IOptions<ServiceDefaultsOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<StandardInputLifetime> logger) : IHostedService
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ExitWithStandardInput)
        {
            // A read of standard input cannot be cancelled, so it gets a thread that does not keep the process alive.
            new Thread(WaitForEnd) { IsBackground = true, Name = "standard input" }.Start();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WaitForEnd()
    {
        using var input = Console.OpenStandardInput();
        Span<byte> ignored = stackalloc byte[256];
        while (input.Read(ignored) > 0)
        {
        }

        LogEnd(logger);
        lifetime.StopApplication();

        // Nobody is left to wait for calls that do not end.
        Thread.Sleep(Grace);
        Environment.Exit(1);
    }

    [LoggerMessage(EventName = "StandardInputEnded", Level = LogLevel.Information, Message = "Standard input ended: stopping")]
    private static partial void LogEnd(ILogger logger);
}
