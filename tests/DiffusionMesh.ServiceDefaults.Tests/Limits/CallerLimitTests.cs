using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Tests;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using HealthProbe = Grpc.Health.V1.Health.HealthClient;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.ServiceDefaults.Tests.Limits;

public sealed class CallerLimitTests
{
    [Fact]
    public async Task Streams_BeyondACallersShare_AreRefusedUntilOneEnds()
    {
        await using var host = await DefaultsHost.StartAsync("--Limits:StreamsPerCaller=1");
        var health = new HealthProbe(host.Channel);
        using var first = health.Watch(new HealthCheckRequest());
        Assert.True(await first.ResponseStream.MoveNext(CancellationToken.None));

        using var second = health.Watch(new HealthCheckRequest());
        var error = await Assert.ThrowsAsync<RpcException>(() => second.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.NotNull(RpcErrors.Detail<RetryInfo>(error));
        await health.CheckAsync(new HealthCheckRequest());
        first.Dispose();
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await OpensAsync(health, limit.Token))
        {
        }
    }

    [Fact]
    public async Task Calls_BeyondACallersShare_AreRefused()
    {
        await using var host = await DefaultsHost.StartAsync("--Limits:CallsPerCaller=1");
        using var watch = new HealthProbe(host.Channel).Watch(new HealthCheckRequest());
        Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None));

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new VerifierService.VerifierServiceClient(host.Channel).DescribeAsync(new DescribeRequest()));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task HealthPort_AnswersHealthOnly()
    {
        var port = FreePorts.Take();
        await using var host = await DefaultsHost.StartAsync($"--Security:HealthPort={port}");
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress($"http://127.0.0.1:{port}");

        await new HealthProbe(channel).CheckAsync(new HealthCheckRequest());
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new VerifierService.VerifierServiceClient(channel).DescribeAsync(new DescribeRequest()));

        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
    }

    private static async Task<bool> OpensAsync(HealthProbe health, CancellationToken cancellationToken)
    {
        using var watch = health.Watch(new HealthCheckRequest(), cancellationToken: cancellationToken);
        try
        {
            return await watch.ResponseStream.MoveNext(cancellationToken);
        }
        catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }
}
