using DiffusionMesh.ServiceDefaults.Health;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using HealthProbe = Grpc.Health.V1.Health.HealthClient;

namespace DiffusionMesh.ServiceDefaults.Tests;

public sealed class HealthTests
{
    private const string Verifier = "diffusionmesh.verifier.v1.VerifierService";

    [Theory]
    [InlineData("")]
    [InlineData(Verifier)]
    public async Task Check_BeforeAndAfterReady_FollowsTheHost(string service)
    {
        await using var host = await DefaultsHost.StartAsync();
        var client = new HealthProbe(host.Channel);

        var before = await client.CheckAsync(new HealthCheckRequest { Service = service });
        host.App.Services.GetRequiredService<ServiceHealth>().Set(service, true);
        var after = await client.CheckAsync(new HealthCheckRequest { Service = service });

        Assert.Equal(ServingStatus.NotServing, before.Status);
        Assert.Equal(ServingStatus.Serving, after.Status);
    }

    [Fact]
    public async Task Check_UnknownService_IsNotFound()
    {
        await using var host = await DefaultsHost.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new HealthProbe(host.Channel).CheckAsync(new HealthCheckRequest { Service = "no.such" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Watch_Changes_AreStreamedUntilTheHostStops()
    {
        await using var host = await DefaultsHost.StartAsync();
        var health = host.App.Services.GetRequiredService<ServiceHealth>();
        using var watch = new HealthProbe(host.Channel).Watch(new HealthCheckRequest { Service = Verifier });
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        Assert.True(await watch.ResponseStream.MoveNext(limit.Token));
        Assert.Equal(ServingStatus.NotServing, watch.ResponseStream.Current.Status);
        health.Set(Verifier, true);
        Assert.True(await watch.ResponseStream.MoveNext(limit.Token));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
        var stopping = host.App.StopAsync(limit.Token);
        Assert.False(await watch.ResponseStream.MoveNext(limit.Token));
        await stopping;
    }
}
