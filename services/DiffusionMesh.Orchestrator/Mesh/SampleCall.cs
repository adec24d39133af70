using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Orchestrator.Mesh.Balancing;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>
/// Some segments of a round, sampled together. What was answered before a call broke off is kept: only the rest is asked for
/// again. Two calls may ask for the same: the first answer counts. What a call was asked for and did not answer, or answered
/// second, is reported as wasted: how far it got is not known.
/// </summary>
/// <param name="segments">All between the same levels and of the same steps, by their index in the round.</param>
/// <param name="deadline">Of a call that begins now.</param>
internal sealed class SampleCall(
    SearchSpec spec,
    DenoiserTurns turns,
    IReadOnlyDictionary<int, Segment> segments,
    Func<Segment, long> cost,
    ChannelWriter<SamplingEvent> events,
    DenoiserService.DenoiserServiceClient client,
    SearchTrace trace,
    Func<DateTime> deadline)
{
    private const string Denoiser = "denoiser";

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Segment> _open = new(segments);

    /// <summary>What has to be known of a model for a search to use it.</summary>
    public static string Pins(SearchSpec spec) =>
        spec.OnOtherComputeClass == ComputeClassPolicy.Refuse ? $"{spec.ModelDigest} {spec.ComputeClass}" : spec.ModelDigest;

    /// <summary>An attempt at everything that is still open.</summary>
    public HedgedAttempt Attempt(HedgeAllowance allowance) =>
        new(() => Open().Values.Sum(cost), Pins(spec), allowance, AskAsync);

    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="OtherPodException">The pod cannot do it, another one may.</exception>
    /// <exception cref="CallFailedException">The denoiser answered something that makes no sense.</exception>
    private async Task AskAsync(CallRoute route, CancellationToken cancellationToken)
    {
        var asked = Open();
        if (asked.Count == 0)
        {
            return;
        }

        using var activity = trace.StartSample(asked.Values);
        activity?.SetTag(DiffusionMeshTelemetry.Model, spec.Model);
        try
        {
            using var call = client.Sample(Request(asked), deadline: deadline(), cancellationToken: cancellationToken);
            await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken))
            {
                if (response.Result is { } result && Accept(result, asked, route) && asked.Count > 0)
                {
                    // Another call answered the rest.
                    Waste(asked);
                    return;
                }
            }

            if (asked.Count > 0)
            {
                throw new CallFailedException($"{Denoiser}: answered all but {asked.Count} of {segments.Count} trajectories");
            }

            route.Succeed();
        }
        catch (CallFailedException)
        {
            Waste(asked);
            throw;
        }
        catch (RpcException error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Status.Detail);
            if (!Failures.IsUnpaid(error) && !route.LedNowhere)
            {
                Waste(asked);
            }

            cancellationToken.ThrowIfCancellationRequested();
            Failures.Report(route, error);
            if (Failures.IsTooLarge(error))
            {
                throw Failures.Of(Denoiser, error);
            }

            throw Failures.Elsewhere(route, error);
        }
    }

    private Dictionary<int, Segment> Open()
    {
        lock (_gate)
        {
            return new Dictionary<int, Segment>(_open);
        }
    }

    private SampleRequest Request(Dictionary<int, Segment> asked) => SampleRequests.Of(
        spec, turns, asked.First().Value, asked.Select(open => (Id(open.Key), open.Value)));

    private static string Id(int index) => index.ToString(CultureInfo.InvariantCulture);

    // Takes an answer away from what a call was asked for. Says whether nothing is open any more.
    private bool Accept(SampleResult result, Dictionary<int, Segment> asked, CallRoute route)
    {
        RequirePinned(result, asked, route);
        if (!int.TryParse(result.TrajectoryId, CultureInfo.InvariantCulture, out var index) || !asked.TryGetValue(index, out var segment))
        {
            throw new CallFailedException($"{Denoiser}: answered trajectory '{result.TrajectoryId}', which is not open");
        }

        var violations = new FieldViolations();
        var sampled = SampleResults.Read(result, segment, violations)
            ?? throw new CallFailedException($"{Denoiser}: {violations.ToException().Status.Detail}");
        asked.Remove(index);
        route.Advance(cost(segment));
        lock (_gate)
        {
            if (!_open.Remove(index))
            {
                events.TryWrite(new SamplingEvent.Wasted(cost(segment)));
                return _open.Count == 0;
            }

            if (result.ComputeClass != spec.ComputeClass)
            {
                events.TryWrite(new SamplingEvent.OtherComputeClass(result.ComputeClass));
            }

            events.TryWrite(new SamplingEvent.Sampled(index, sampled));
            return _open.Count == 0;
        }
    }

    // The pins went with the request. What was made otherwise all the same is no result of this search.
    private void RequirePinned(SampleResult result, Dictionary<int, Segment> asked, CallRoute route)
    {
        if (result.ModelDigest == spec.ModelDigest
            && (spec.OnOtherComputeClass == ComputeClassPolicy.Record || result.ComputeClass == spec.ComputeClass))
        {
            return;
        }

        route.Mismatch();
        Waste(asked);
        throw new OtherPodException(
            $"sampled with {result.ModelDigest} on {result.ComputeClass}, not with {spec.ModelDigest} on {spec.ComputeClass}", route.OtherPods);
    }

    private void Waste(Dictionary<int, Segment> asked)
    {
        if (asked.Count > 0)
        {
            events.TryWrite(new SamplingEvent.Wasted(asked.Values.Sum(cost)));
        }
    }
}
