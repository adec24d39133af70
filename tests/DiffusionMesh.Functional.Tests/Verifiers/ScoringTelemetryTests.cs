using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.ServiceDefaults.Telemetry;
using static DiffusionMesh.Functional.Tests.Verifiers.VerifierHost;

namespace DiffusionMesh.Functional.Tests.Verifiers;

// Nobody else in the process may listen while the denoiser's ticks are looked at.
[Collection("denoiser")]
public sealed class ScoringTelemetryTests
{
    [Fact]
    public async Task Score_SpansAndMetrics_TellWhatHappened()
    {
        // Other tests score as well: keep what belongs to this trace, and to the one batch of three.
        using var trace = new Activity("test").Start();
        var spans = new ConcurrentBag<Activity>();
        using var spanListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DiffusionMeshTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(spanListener);
        var outcomes = new ConcurrentBag<string?>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "diffusionmesh.verifier.candidates")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        meters.SetMeasurementEventCallback<long>((_, count, tags, _) => outcomes.Add(
            string.Join(' ', [.. tags.ToArray().Select(tag => tag.Value?.ToString()), count.ToString(System.Globalization.CultureInfo.InvariantCulture)])));
        meters.Start();
        await using var host = await StartAsync(new BrightnessScorer());

        await new VerifierService.VerifierServiceClient(host.Channel).ScoreAsync(
            new ScoreRequest { Candidates = { Candidate("a", 1, 1), Candidate("b", 1, 1), new Candidate { Id = "c" } } });

        var span = Assert.Single(spans, span => span.OperationName == "verifier.score" && span.TraceId == trace.TraceId);
        Assert.Equal("brightness", span.GetTagItem(DiffusionMeshTelemetry.Verifier));
        Assert.Equal(3, span.GetTagItem(DiffusionMeshTelemetry.BatchSize));
        Assert.Contains("brightness SCORED 1", outcomes);
        Assert.Contains("brightness IMAGE_MISSING 1", outcomes);
    }
}
