using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>
/// Waits for the services of a search that is taken on: while they are down it would fail at once, though nothing is wrong
/// with it.
/// </summary>
internal sealed partial class SearchServices(
    DenoiserMesh denoiser,
    VerifierMesh verifiers,
    IOptions<OrchestratorOptions> options,
    TimeProvider time,
    ILogger<SearchServices> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns once all answer, the patience is over, or the search is to end.</summary>
    public async Task WaitAsync(SearchHeader header, SearchStop stop)
    {
        var patience = TimeSpan.FromSeconds(options.Value.TakeOnPatienceSeconds);
        var start = time.GetTimestamp();
        try
        {
            while (!stop.IsLeft && await WhyNotAsync(header, stop.Cancelled) is { } missing && time.GetElapsedTime(start) < patience)
            {
                LogWaiting(logger, header.Id, missing);
                await Task.Delay(Pause, time, stop.Cancelled);
            }
        }
        catch (OperationCanceledException) when (stop.Cancelled.IsCancellationRequested)
        {
            // It ends, or another goes on with it, without them.
        }
    }

    private async Task<string?> WhyNotAsync(SearchHeader header, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(
                [
                    denoiser.ListModelsAsync(cancellationToken),
                    .. verifiers.AddressesOf(header).Select(address => verifiers[address].DescribeAsync(cancellationToken)),
                ]);
            return null;
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            return error.Status.Detail;
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    [LoggerMessage(EventName = "SearchWaitsForServices", Level = LogLevel.Warning, Message = "Search {Search} waits for its services: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string search, string reason);
}
