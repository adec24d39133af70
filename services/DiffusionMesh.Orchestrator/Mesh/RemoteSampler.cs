using System.Runtime.CompilerServices;
using System.Threading.Channels;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Ports;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Mesh;

/// <summary>Samples the segments of one search on the denoisers: cut into calls, a bounded number of them at once.</summary>
internal sealed class RemoteSampler(
    SearchSpec spec,
    DenoiserTurns turns,
    DenoiserMesh denoiser,
    HedgeAllowance hedges,
    OrchestratorOptions options,
    SearchTrace trace)
{
    // For pods of which some are slower than others.
    private const int CallsPerPod = 4;

    /// <summary>What a run of a sampler costs: all of the path, down to the data.</summary>
    public static long Cost(string sampler, int steps) => Sampler.All[sampler].Nfe(steps, endsAtData: true);

    public long Cost(Segment segment) => Sampler.All[spec.Sampler].Nfe(segment.Steps, endsAtData: segment.ToLevel == 0);

    /// <summary>Calls that the denoisers can take at the same time, as far as they are known.</summary>
    public int CallsAtOnce => options.Parallelism * denoiser.Pods;

    /// <summary>Most segments in so many calls.</summary>
    public int SegmentsIn(int calls) => calls * options.TrajectoriesPerCall;

    /// <param name="calls">Most calls at the same time.</param>
    public async IAsyncEnumerable<SamplingEvent> SampleAsync(
        IReadOnlyList<Segment> segments,
        int calls,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Channel.CreateUnbounded<SamplingEvent>(new UnboundedChannelOptions { SingleReader = true });
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = WorkAsync(segments, calls, events.Writer, abandoned.Token);
        try
        {
            // Not cancelled here: the calls are, and what they lose is still to be reported.
            await foreach (var sampled in events.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return sampled;
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            await work;
        }
    }

    private async Task WorkAsync(IReadOnlyList<Segment> segments, int calls, ChannelWriter<SamplingEvent> events, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = calls, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(Cut(segments), parallel, async (part, token) =>
            {
                using var about = trace.LogAbout(part.Values.Select(segment => segment.Candidate));
                await CallAsync(part, events, token);
            });
            events.Complete();
        }
        catch (Exception failure)
        {
            // Whatever it was, cancellation included, the reader of the events throws it.
            events.Complete(failure);
        }
    }

    private IEnumerable<IReadOnlyDictionary<int, Segment>> Cut(IReadOnlyList<Segment> segments) => segments
        .Select((segment, index) => (segment, index))
        .GroupBy(indexed => (indexed.segment.FromLevel, indexed.segment.ToLevel, indexed.segment.Steps))
        .SelectMany(stretch => stretch.Chunk(TrajectoriesPerCall(segments.Count)))
        .Select(part => part.ToDictionary(indexed => indexed.index, indexed => indexed.segment));

    // So few that every pod gets some, and in one call, so that it steps through all of them together. Where pods differ,
    // calls are smaller, so that the fast ones can get more of them.
    private int TrajectoriesPerCall(int segments)
    {
        var calls = denoiser.PodsDiffer ? CallsPerPod * denoiser.Pods : denoiser.Pods;
        return Math.Min(options.TrajectoriesPerCall, (segments + calls - 1) / calls);
    }

    private async ValueTask CallAsync(
        IReadOnlyDictionary<int, Segment> part,
        ChannelWriter<SamplingEvent> events,
        CancellationToken cancellationToken)
    {
        var call = new SampleCall(spec, turns, part, Cost, events, denoiser.Client, trace, Deadline);
        try
        {
            await denoiser.Policy.CallAsync(() => call.Attempt(hedges), cancellationToken);
        }
        catch (RpcException error)
        {
            throw Failures.Of("denoiser", error);
        }
        catch (OtherPodException error)
        {
            throw new CallFailedException($"denoiser: {error.Message}", error);
        }
    }

    private DateTime Deadline() => CallDeadline.In(options.SampleTimeoutSeconds);
}
