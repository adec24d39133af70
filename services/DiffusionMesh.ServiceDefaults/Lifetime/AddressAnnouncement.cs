using DiffusionMesh.ServiceDefaults.Health;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Lifetime;

/// <summary>Tells the process that started this host where it listens, once it is ready to serve.</summary>
internal sealed class AddressAnnouncement(
    IOptions<ServiceDefaultsOptions> options,
    IServer server,
    ServiceHealth health,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.AnnounceAddress)
        {
            return;
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (true)
        {
            var changed = health.NextChange();
            if (health.IsServing(ServiceHealth.Server) == true)
            {
                break;
            }

            await changed.WaitAsync(stoppingToken);
        }

        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            await Console.Out.WriteLineAsync($"listening {address}".AsMemory(), stoppingToken);
        }

        await Console.Out.FlushAsync(stoppingToken);
    }
}
