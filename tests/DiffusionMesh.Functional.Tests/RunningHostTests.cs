using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.ServiceDefaults.Health;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionMesh.Functional.Tests;

public sealed class RunningHostTests
{
    [Fact]
    public async Task StartAsync_HostThatBecomesReady_AnswersCalls()
    {
        await using var host = await RunningHost.StartAsync(args => Build(args, services => services.AddHostedService<ReadyLater>()));

        var health = await new Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.NotEqual(0, host.Address.Port);
    }

    [Fact]
    public async Task StartAsync_HostThatFails_TellsWhy()
    {
        var failure = await Assert.ThrowsAsync<InvalidDataException>(
            () => RunningHost.StartAsync(args => Build(args, services => services.AddHostedService<FailsToStart>())));

        Assert.Equal("no such model", failure.Message);
    }

    [Fact]
    public async Task DisposeAsync_AfterwardsNobodyListens()
    {
        var host = await RunningHost.StartAsync(args => Build(args, services => services.AddHostedService<ReadyLater>()));
        await host.DisposeAsync();

        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(host.Address);
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest()));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }

    private static WebApplication Build(string[] args, Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("functional-test");
        add(builder.Services);
        var app = builder.Build();
        app.MapServiceDefaults();
        return app;
    }

    private sealed class ReadyLater(ServiceHealth health, IHostApplicationLifetime lifetime) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            lifetime.ApplicationStarted.Register(() => health.Set(ServiceHealth.Server, true));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class FailsToStart : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidDataException("no such model");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
