using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Grpc.Health.V1.HealthCheckResponse.Types;
using StatusCode = Grpc.Core.StatusCode;

namespace DiffusionMesh.ServiceDefaults.Tests.Draining;

public sealed class DrainTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Stop_WithACallUnderWay_FinishesItAndRefusesOthers()
    {
        await using var host = await DrainingHost.StartAsync(drainSeconds: 3_600);
        using var call = host.Client.ScoreAsync(new ScoreRequest());
        await host.Held.Begun.Task.WaitAsync(Patience);

        var stopping = host.App.StopAsync();
        await StoppingAsync(host);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await host.Client.DescribeAsync(new DescribeRequest()));
        var health = await host.Health.CheckAsync(new HealthCheckRequest());

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        Assert.Equal(RpcErrors.StoppingReason, RpcErrors.Detail<ErrorInfo>(refused)?.Reason);
        Assert.Equal(ServingStatus.NotServing, health.Status);
        Assert.False(stopping.IsCompleted);
        host.Held.Released.SetResult();
        Assert.Equal("done", (await call.ResponseAsync.WaitAsync(Patience)).ComputeClass);
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Stop_WhenTheTimeIsOver_HandsBackWhatIsUnfinished()
    {
        await using var host = await DrainingHost.StartAsync(drainSeconds: 0);
        using var call = host.Client.ScoreAsync(new ScoreRequest());
        await host.Held.Begun.Task.WaitAsync(Patience);

        var stopping = host.App.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));

        Assert.Equal((StatusCode.Unavailable, null), (error.StatusCode, RpcErrors.Detail<ErrorInfo>(error)?.Reason));
        await stopping.WaitAsync(Patience);
    }

    [Fact]
    public async Task Stop_WithoutCalls_EndsAtOnce()
    {
        await using var host = await DrainingHost.StartAsync(drainSeconds: 3_600);
        await host.Client.DescribeAsync(new DescribeRequest());

        await host.App.StopAsync().WaitAsync(Patience);
    }

    private static async Task StoppingAsync(DrainingHost host)
    {
        var stopping = new TaskCompletionSource();
        await using var registration = host.App.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(Patience);
    }
}
