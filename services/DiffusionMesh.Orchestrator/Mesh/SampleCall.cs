using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// Some segments of a round, sampled by one call. What was answered before a call broke off is kept: only the rest is asked
/// for again, and what it cost until then is reported as wasted.
/// </summary>
/// <param name="segments">All between the same levels and of the same steps, by their index in the round.</param>
internal sealed class SampleCall(
    SearchSpec spec,
    DenoiserTurns turns,
    IReadOnlyDictionary<int, Segment> segments,
    Func<Segment, long> cost,
    ChannelWriter<SamplingEvent> events)
{
    private const string Denoiser = "denoiser";

    private readonly Dictionary<int, Segment> _open = new(segments);

    /// <summary>Asks for everything that is still open.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="OtherPodException">The pod cannot do it, another one may.</exception>
    /// <exception cref="CallFailedException">The denoiser answered something that makes no sense.</exception>
    public async Task AttemptAsync(
        DenoiserService.DenoiserServiceClient client,
        SearchTrace trace,
        DateTime deadline,
        CancellationToken cancellationToken)
    {
        using var activity = trace.StartSample(_open.Values);
        activity?.SetTag(DiffusionMeshTelemetry.Model, spec.Model);
        using var route = CallRoute.Begin(_open.Values.Sum(cost), Pins);
        try
        {
            using var call = client.Sample(Request(), deadline: deadline, cancellationToken: cancellationToken);
            await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (response.Result is { } result)
                {
                    RequirePinned(result, route);
                    route.Advance(cost(Accept(result)));
                }
            }

            route.Succeed();
        }
        catch (RpcException error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Status.Detail);
            ReportWaste(error);
            cancellationToken.ThrowIfCancellationRequested();
            Failures.Report(route, error);
            throw Failures.Elsewhere(route, error);
        }

        if (_open.Count > 0)
        {
            throw new CallFailedException($"{Denoiser}: answered all but {_open.Count} of {segments.Count} trajectories");
        }
    }

    private SampleRequest Request() => SampleRequests.Of(
        spec, turns, _open.First().Value, _open.Select(open => (Id(open.Key), open.Value)));

    private string Pins => $"{spec.ModelDigest} {spec.ComputeClass}";

    private static string Id(int index) => index.ToString(CultureInfo.InvariantCulture);

    // The pins went with the request. What was made otherwise all the same is no result of this search.
    private void RequirePinned(SampleResult result, CallRoute route)
    {
        if (result.ModelDigest == spec.ModelDigest && result.ComputeClass == spec.ComputeClass)
        {
            return;
        }

        route.Mismatch();
        events.TryWrite(new SamplingEvent.Wasted(_open.Values.Sum(cost)));
        throw new OtherPodException(
            $"sampled with {result.ModelDigest} on {result.ComputeClass}, not with {spec.ModelDigest} on {spec.ComputeClass}", route.OtherPods);
    }

    // The segment that was answered.
    private Segment Accept(SampleResult result)
    {
        if (!int.TryParse(result.TrajectoryId, CultureInfo.InvariantCulture, out var index) || !_open.Remove(index, out var segment))
        {
            throw new CallFailedException($"{Denoiser}: answered trajectory '{result.TrajectoryId}', which is not open");
        }

        var violations = new FieldViolations();
        var sampled = SampleResults.Read(result, segment, violations)
            ?? throw new CallFailedException($"{Denoiser}: {violations.ToException().Status.Detail}");
        events.TryWrite(new SamplingEvent.Sampled(index, sampled));
        return segment;
    }

    private void ReportWaste(RpcException error)
    {
        if (!Failures.IsUnpaid(error) && _open.Count > 0)
        {
            events.TryWrite(new SamplingEvent.Wasted(_open.Values.Sum(cost)));
        }
    }
}
