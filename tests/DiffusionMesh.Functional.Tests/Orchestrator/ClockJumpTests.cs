using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Orchestrator.Mesh;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What becomes of calls whose deadline comes before they have had their time.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(100);

    [Theory]
    [InlineData(false, StatusCode.DeadlineExceeded)]
    [InlineData(true, StatusCode.Unavailable)]
    public async Task Score_GivenUp_IsTooLateOnlyIfItHadItsTime(bool isEarly, StatusCode expected)
    {
        await using var server = await ScriptedServer.StartAsync(
            new ScriptedVerifier { Change = (_, _, context) => Task.Delay(Timeout.Infinite, context.CancellationToken) });
        var client = new VerifierService.VerifierServiceClient(server.Channel.Intercept(new ClockJumps(Time(isEarly))));

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await client.ScoreAsync(new ScoreRequest(), deadline: DateTime.UtcNow + Limit));

        Assert.Equal(expected, error.StatusCode);
    }

    [Theory]
    [InlineData(false, StatusCode.DeadlineExceeded)]
    [InlineData(true, StatusCode.Unavailable)]
    public async Task Sample_GivenUp_IsTooLateOnlyIfItHadItsTime(bool isEarly, StatusCode expected)
    {
        await using var server = await ScriptedServer.StartAsync(
            new ScriptedDenoiser { BeforeAnswer = (_, context) => Task.Delay(Timeout.Infinite, context.CancellationToken) });
        var client = new DenoiserService.DenoiserServiceClient(server.Channel.Intercept(new ClockJumps(Time(isEarly))));
        var request = new SampleRequest { ModelDigest = ScriptedDenoiser.Digest, Trajectories = { new Trajectory() } };

        using var call = client.Sample(request, deadline: DateTime.UtcNow + Limit);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(expected, error.StatusCode);
    }

    private static TimeProvider Time(bool isEarly) => isEarly ? new StandingTime() : TimeProvider.System;

    // By which no time has passed when the deadline comes.
    private sealed class StandingTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
