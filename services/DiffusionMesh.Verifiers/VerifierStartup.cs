using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.ServiceDefaults.Health;
using DiffusionMesh.Verifiers.Scoring;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionMesh.Verifiers;

/// <summary>Loads the scorer, and then says that it is ready. Hosted services start one after the other, the server last.</summary>
internal sealed partial class VerifierStartup(
    ServiceHealth health, VerifierOptions options, IServiceProvider services, ILogger<VerifierStartup> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Onnx.Decide().FallbackReason is { } reason)
        {
            LogFallback(logger, reason);
        }

        services.GetRequiredService<IScorer>();
        health.Set(VerifierService.Descriptor.FullName, true);
        health.Set(ServiceHealth.Server, true);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventName = "ProviderFallback", Level = LogLevel.Warning, Message = "Computing on the processor: {Reason}")]
    private static partial void LogFallback(ILogger logger, string reason);
}
