using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Denoiser;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Google.Rpc;
using Grpc.Core;
using static DiffusionMesh.Functional.Tests.Denoiser.DenoiserFixture;

namespace DiffusionMesh.Functional.Tests.Denoiser;

[Collection("denoiser")]
public class BatchingTests(DenoiserFixture denoiser)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Sample_TwoCallers_ShareTicks()
    {
        await using var host = await SteppedHost.StartAsync();
        var rowsOfTicks = new ConcurrentQueue<int>();
        using var listener = Listen("diffusionmesh.denoiser.tick.rows", rowsOfTicks);
        host.Network.Hold();
        var first = SampleAsync(host.Client, SteppedHost.Request(1000, SteppedHost.Many(1)));
        await host.Network.EnteredAsync();
        var second = SampleAsync(host.Client, SteppedHost.Request(20, SteppedHost.Many(1)));
        Assert.True(SpinWait.SpinUntil(() => host.Engine.Unfinished == 2, Limit));

        await host.Network.StepAsync(21);

        await second.WaitAsync(Limit);
        Assert.Equal([1, .. Enumerable.Repeat(2, 20), 1], host.Network.Rows);
        Assert.Equal([1, .. Enumerable.Repeat(2, 20)], rowsOfTicks);
        host.Network.Free();
        await first;
    }

    [Fact]
    public async Task Sample_SmallCallBesideALargeOne_DoesNotWaitForIt()
    {
        await using var host = await SteppedHost.StartAsync("--Denoiser:MaxBatchRows=8");
        host.Network.Hold();
        var large = SampleAsync(host.Client, SteppedHost.Request(100, SteppedHost.Many(64)));
        await host.Network.EnteredAsync();
        var small = SampleAsync(host.Client, SteppedHost.Request(2, SteppedHost.Many(1)));
        Assert.True(SpinWait.SpinUntil(() => host.Engine.Unfinished == 65, Limit));

        // The one that has begun, and two steps; the large call takes 800.
        await host.Network.StepAsync(3);

        await small.WaitAsync(Limit);
        Assert.Equal(64, host.Engine.Unfinished);
        host.Network.Free();
        await large;
    }

    [Fact]
    public async Task Sample_Cancelled_FreesTheEngine()
    {
        await denoiser.IdleAsync();
        using var limit = new CancellationTokenSource(Limit);
        using (var call = denoiser.Client.Sample(Long([.. Enumerable.Range(0, 40).Select(i => FromNoise($"t{i}", (uint)i))]), cancellationToken: limit.Token))
        {
            await call.ResponseStream.MoveNext(limit.Token);
            Assert.Equal(40, denoiser.Engine.Unfinished);
        }

        await denoiser.IdleAsync().WaitAsync(Limit);

        var ticks = denoiser.Engine.Ticks;
        await denoiser.SampleAsync(Request(FromNoise("a", 0)));
        Assert.Equal(ticks + 2, denoiser.Engine.Ticks);
    }

    [Fact]
    public async Task Sample_QueueFull_SaysWhenToComeBack()
    {
        await using var host = await RunningHost.StartAsync(DenoiserHost.Build, "--Denoiser:Threads=1", "--Denoiser:MaxQueuedTrajectories=4");
        var client = new DenoiserService.DenoiserServiceClient(host.Channel);
        using var limit = new CancellationTokenSource(Limit);
        using (var first = client.Sample(Long([.. Enumerable.Range(0, 3).Select(i => FromNoise($"t{i}", (uint)i))]), cancellationToken: limit.Token))
        {
            await first.ResponseStream.MoveNext(limit.Token);

            var error = await Assert.ThrowsAsync<RpcException>(
                () => SampleAsync(client, Request(FromNoise("a", 8), FromNoise("b", 9))));

            Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
            Assert.InRange(RpcErrors.Detail<RetryInfo>(error)!.RetryDelay.ToTimeSpan(), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60));
            Assert.Single(await SampleAsync(client, Request(FromNoise("a", 8))));
            var never = await Assert.ThrowsAsync<RpcException>(
                () => SampleAsync(client, Request([.. Enumerable.Range(0, 5).Select(i => FromNoise($"t{i}", (uint)i))])));
            Assert.Equal(StatusCode.InvalidArgument, never.StatusCode);
        }
    }

    [Fact]
    public async Task Sample_Traced_SpanHoldsWhatWasPaid()
    {
        await denoiser.IdleAsync();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DiffusionMeshTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                // Searches of other tests have spans as well.
                if (span.OperationName.StartsWith("denoiser.", StringComparison.Ordinal))
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var request = Request(FromNoise("a", 0, Prompt("a photo of a bag")), FromNoise("b", 1));
        request.Guidance = 2;

        await denoiser.SampleAsync(request);

        // The engine closes the last tick after it handed over the results.
        Assert.True(SpinWait.SpinUntil(() => spans.Count >= 3, Limit));
        var sample = Assert.Single(spans, span => span.OperationName == "denoiser.sample");
        Assert.Equal((4, 6), (sample.GetTagItem(DiffusionMeshTelemetry.Nfe), sample.GetTagItem(DiffusionMeshTelemetry.Rows)));
        var ticks = spans.Where(span => span.OperationName == "denoiser.tick").ToList();
        Assert.Equal(2, ticks.Count);
        Assert.All(ticks, tick => Assert.Equal((sample.SpanId, 3), (tick.ParentSpanId, tick.GetTagItem(DiffusionMeshTelemetry.Rows))));
    }

    private static SampleRequest Long(params Trajectory[] trajectories)
    {
        var request = Request(trajectories);
        (request.Steps, request.Outputs) = (1000, new SampleOutputs { PreviewEverySteps = 1 });
        return request;
    }

    private static MeterListener Listen(string instrument, ConcurrentQueue<int> values)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (found, listening) =>
            {
                if (found.Meter.Name == DiffusionMeshTelemetry.Name && found.Name == instrument)
                {
                    listening.EnableMeasurementEvents(found);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, value, _, _) => values.Enqueue(value));
        listener.Start();
        return listener;
    }
}
