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
        var client = new VerifierService.VerifierServiceClient(server.Channel.Intercept(new ClockJumps(new TestTime(isEarly))));

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
        var client = new DenoiserService.DenoiserServiceClient(server.Channel.Intercept(new ClockJumps(new TestTime(isEarly))));
        var request = new SampleRequest { ModelDigest = ScriptedDenoiser.Digest, Trajectories = { new Trajectory() } };

        using var call = client.Sample(request, deadline: DateTime.UtcNow + Limit);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(expected, error.StatusCode);
    }

    // By whose clock on the wall the deadline has come, and by which no time has passed where that is early.
    private sealed class TestTime(bool isEarly) : TimeProvider
    {
        private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
        private int _looks;
        private int _stamps;

        public override DateTimeOffset GetUtcNow() => _start.AddHours(Interlocked.Increment(ref _looks) == 1 ? 0 : 1);

        public override long GetTimestamp() => isEarly || Interlocked.Increment(ref _stamps) == 1 ? 0 : TimestampFrequency * 3600;
    }
}
