using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionMesh.Orchestrator.Tests;

public sealed class RecurringWorkTests
{
    [Fact]
    public async Task Work_Fails_IsDoneAgainAndTheHostGoesOn()
    {
        var work = new FailingWork();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddHostedService(_ => work);
        using var host = builder.Build();
        await host.StartAsync();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();

        await work.ThirdTurn.WaitAsync(TimeSpan.FromMinutes(2));

        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
        await host.StopAsync();
    }

    private sealed class FailingWork() : RecurringWork(TimeSpan.FromMilliseconds(1), TimeProvider.System, NullLogger.Instance)
    {
        private readonly TaskCompletionSource _third = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _turns;

        public Task ThirdTurn => _third.Task;

        protected override Task DoAsync(CancellationToken cancellationToken)
        {
            if (++_turns == 3)
            {
                _third.SetResult();
            }

            throw new SocketException((int)SocketError.HostNotFound);
        }
    }
}
