using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Denoiser.SteppedHost;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class QueueTests(DenoiserFixture denoiser)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Sample_LowPriorityBesideHigh_WaitsButIsServed()
    {
        await using var host = await StartAsync("--Denoiser:MaxBatchRows=2");
        var (low, high) = (Request(16, Many(1)), Request(16, Many(2)));
        (low.Priority, high.Priority) = (Priority.Low, Priority.High);
        host.Network.Hold();
        var first = DenoiserFixture.SampleAsync(host.Client, low);
        await host.Network.EnteredAsync();
        var second = DenoiserFixture.SampleAsync(host.Client, high);
        WaitFor(host, 3);

        // In turns of equals the low one would have a row of each tick, and the high ones could not be finished yet.
        await host.Network.StepAsync(20);

        await second.WaitAsync(Limit);
        Assert.False(first.IsCompleted);
        host.Network.Free();
        Assert.Single(await first);
    }

    [Fact]
    public async Task Sample_CallsOfOneKey_TakeOneTurnTogether()
    {
        await using var host = await StartAsync("--Denoiser:MaxBatchRows=2");
        host.Network.Hold();
        var search = Request(32, Many(1));
        search.FairnessKey = "search";
        var others = new List<Task> { DenoiserFixture.SampleAsync(host.Client, search) };
        await host.Network.EnteredAsync();
        others.AddRange([DenoiserFixture.SampleAsync(host.Client, search), DenoiserFixture.SampleAsync(host.Client, search)]);
        var alone = DenoiserFixture.SampleAsync(host.Client, Request(32, Many(1)));
        WaitFor(host, 4);

        // A row of each tick is its own. Were each call a party, all would be half-way.
        await host.Network.StepAsync(40);

        await alone.WaitAsync(Limit);
        Assert.Equal(2, host.Engine.Unfinished);
        host.Network.Free();
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task Sample_Cancelled_EvaluatesNoFurtherStep()
    {
        await using var host = await StartAsync();
        host.Network.Hold();
        using var cancelled = new CancellationTokenSource();
        using (var call = host.Client.Sample(Request(100, Many(5)), cancellationToken: cancelled.Token))
        {
            await host.Network.EnteredAsync();
            await cancelled.CancelAsync();
            Assert.True(SpinWait.SpinUntil(() => host.Served.Calls == 0, Limit));
        }

        host.Network.Let();

        Assert.True(SpinWait.SpinUntil(() => host.Engine.Unfinished == 0, Limit));
        Assert.Single(host.Network.Rows);
    }

    [Fact]
    public async Task Sample_DeadlinePasses_EndsTheCall()
    {
        await using var host = await StartAsync();
        host.Network.Hold();
        using var call = host.Client.Sample(Request(2, Many(1)), deadline: DateTime.UtcNow.AddMilliseconds(500));

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call.ResponseStream.MoveNext(default));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Null(RpcErrors.Detail<ErrorInfo>(error));
        host.Network.Free();
    }

    [Fact]
    public async Task Sample_DeadlineThatCannotBeMet_IsRefusedAtOnce()
    {
        await denoiser.IdleAsync();
        var request = DenoiserFixture.Request(Many(1000));
        request.Steps = 1000;
        var ticks = denoiser.Engine.Ticks;

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            using var call = denoiser.Client.Sample(request, deadline: DateTime.UtcNow.AddSeconds(10));
            await call.ResponseStream.MoveNext(default);
        });

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        var info = RpcErrors.Detail<ErrorInfo>(error)!;
        Assert.Equal("DEADLINE_CANNOT_BE_MET", info.Reason);
        Assert.True(double.Parse(info.Metadata["at_least_seconds"], System.Globalization.CultureInfo.InvariantCulture) > 10);
        Assert.Contains(info.Metadata["at_least_seconds"] + " s", error.Status.Detail, StringComparison.Ordinal);
        Assert.Equal((ticks, 0), (denoiser.Engine.Ticks, denoiser.Engine.Unfinished));
    }

    [Fact]
    public async Task Sample_TimeLeftAsked_IsToldAtOnceAndOnTheWay()
    {
        var request = DenoiserFixture.Request(Many(40));
        (request.Steps, request.Outputs) = (1000, new SampleOutputs { TimeLeft = true });
        using var limit = new CancellationTokenSource(Limit);
        using var call = denoiser.Client.Sample(request, cancellationToken: limit.Token);

        var told = await call.ResponseStream.ReadAllAsync(limit.Token).Take(2).ToListAsync(limit.Token);

        Assert.All(told, response => Assert.True(response.TimeLeft.TimeLeft.ToTimeSpan() > TimeSpan.Zero));
    }

    [Fact]
    public async Task Sample_TimeLeftNotAsked_IsNotTold()
    {
        using var call = denoiser.Client.Sample(DenoiserFixture.Request(Many(2)));

        Assert.All(await call.ResponseStream.ReadAllAsync().ToListAsync(), response => Assert.NotNull(response.Result));
    }

    [Fact]
    public async Task Sample_Preview_SaysHowLongItsTrajectoryTakes()
    {
        var request = DenoiserFixture.Request(Many(1));
        (request.Steps, request.Outputs) = (4, new SampleOutputs { PreviewEverySteps = 1 });
        using var call = denoiser.Client.Sample(request);

        var previews = await call.ResponseStream.ReadAllAsync().Where(response => response.Preview is not null).ToListAsync();

        Assert.Equal(3, previews.Count);
        Assert.All(previews, response => Assert.True(response.Preview.TimeLeft.ToTimeSpan() > TimeSpan.Zero));
    }

    [Fact]
    public async Task Sample_WaitingCalls_AreCountedByPriority()
    {
        await using var host = await StartAsync();
        using var depth = new Listening("diffusionmesh.denoiser.queue.depth");
        host.Network.Hold();
        var (normal, low) = (Request(1, Many(3)), Request(1, Many(2)));
        low.Priority = Priority.Low;
        var calls = new[] { DenoiserFixture.SampleAsync(host.Client, normal), DenoiserFixture.SampleAsync(host.Client, low) };
        WaitFor(host, 5);

        Assert.Equal((3, 2), (depth.Sum("normal"), depth.Sum("low")));
        host.Network.Free();
        await Task.WhenAll(calls);
        Assert.Equal((0, 0), (depth.Sum("normal"), depth.Sum("low")));
    }

    [Theory]
    [InlineData("priority", 7, 0)]
    [InlineData("fairness_key", 0, 129)]
    public async Task Sample_TermsOutOfRange_AreRefused(string field, int priority, int keyLength)
    {
        var request = DenoiserFixture.Request(Many(1));
        (request.Priority, request.FairnessKey) = ((Priority)priority, new string('k', keyLength));

        var error = await Assert.ThrowsAsync<RpcException>(() => denoiser.SampleAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal(field, Assert.Single(RpcErrors.Detail<BadRequest>(error)!.FieldViolations).Field);
    }

    private static void WaitFor(SteppedHost host, int unfinished) =>
        Assert.True(SpinWait.SpinUntil(() => host.Engine.Unfinished == unfinished, Limit), $"{host.Engine.Unfinished} trajectories wait");

    private sealed class Listening : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(int Change, object? Model, object? Priority)> _changes = new();

        public Listening(string instrument)
        {
            _listener.InstrumentPublished = (found, listening) =>
            {
                if (found.Meter.Name == DiffusionMeshTelemetry.Name && found.Name == instrument)
                {
                    listening.EnableMeasurementEvents(found);
                }
            };
            _listener.SetMeasurementEventCallback<int>((_, change, tags, _) => _changes.Enqueue((change, tags[0].Value, tags[1].Value)));
            _listener.Start();
        }

        public int Sum(string priority) => _changes.Where(change => change.Model is ModelName && change.Priority as string == priority).Sum(change => change.Change);

        public void Dispose() => _listener.Dispose();
    }
}
