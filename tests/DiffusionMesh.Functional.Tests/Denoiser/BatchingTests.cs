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
        await denoiser.IdleAsync();
        var rowsOfTicks = new ConcurrentQueue<int>();
        using var listener = Listen("diffusionmesh.denoiser.tick.rows", rowsOfTicks);
        using var limit = new CancellationTokenSource(Limit);
        using var first = denoiser.Client.Sample(Long(FromNoise("long", 0)), cancellationToken: limit.Token);
        await first.ResponseStream.MoveNext(limit.Token);

        var second = Request(FromNoise("short", 1));
        second.Steps = 20;
        await denoiser.SampleAsync(second);

        Assert.Equal(20, rowsOfTicks.Count(rows => rows == 2));
        Assert.DoesNotContain(rowsOfTicks, rows => rows > 2);
    }

    [Fact]
    public async Task Sample_SmallCallBesideALargeOne_DoesNotWaitForIt()
    {
        await denoiser.IdleAsync();
        using var limit = new CancellationTokenSource(Limit);
        var large = Long([.. Enumerable.Range(0, 64).Select(i => FromNoise($"t{i}", (uint)i))]);
        using var first = denoiser.Client.Sample(large, cancellationToken: limit.Token);
        await first.ResponseStream.MoveNext(limit.Token);
        var before = denoiser.Engine.Ticks;

        await denoiser.SampleAsync(Request(FromNoise("small", 100)));

        // Two steps, and what passes while the call travels; the large call would take 2000 ticks.
        Assert.InRange(denoiser.Engine.Ticks - before, 2, 1000);
        Assert.InRange(denoiser.Engine.Unfinished, 1, 64);
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
