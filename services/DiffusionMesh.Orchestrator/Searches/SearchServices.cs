using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.ServiceDefaults.Telemetry;
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
    IOptions<TelemetryOptions> telemetry,
    TimeProvider time,
    ILogger<SearchServices> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns once all answer, the patience is over, or the search is to end.</summary>
    public async Task WaitAsync(SearchHeader header, SearchStop stop)
    {
        var patience = TimeSpan.FromSeconds(options.Value.TakeOnPatienceSeconds);
        var start = time.GetTimestamp();
        var told = "";
        try
        {
            while (!stop.IsLeft && await MissingAsync(header, stop.Cancelled) is { Length: > 0 } missing && time.GetElapsedTime(start) < patience)
            {
                if (missing != told)
                {
                    LogWaiting(logger, header.Id, missing);
                    told = missing;
                }

                await Task.Delay(Pause, time, stop.Cancelled);
            }
        }
        catch (OperationCanceledException) when (stop.Cancelled.IsCancellationRequested)
        {
            // It ends, or another goes on with it, without them.
        }
    }

    // Those that do not answer, and why; empty if all do.
    private async Task<string> MissingAsync(SearchHeader header, CancellationToken cancellationToken) => string.Join("; ", (await Task.WhenAll(
        [
            WhyNotAsync("denoiser", () => denoiser.ListModelsAsync(cancellationToken), cancellationToken),
            .. header.Spec.Verifiers.Zip(verifiers.AddressesOf(header)).Select(verifier => WhyNotAsync(
                $"verifier '{verifier.First.Name}'", () => DescribeAsync(verifier.Second, cancellationToken), cancellationToken)),
        ])).OfType<string>());

    private async Task DescribeAsync(string address, CancellationToken cancellationToken)
    {
        using var use = verifiers.Use(address);
        await use.Verifier.DescribeAsync(cancellationToken);
    }

    private async Task<string?> WhyNotAsync(string service, Func<Task> ask, CancellationToken cancellationToken)
    {
        try
        {
            await ask();
            return null;
        }
        catch (RpcException error) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{service}: {Failures.ForLogs(error, telemetry.Value.Prompts)}";
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    [LoggerMessage(EventName = "SearchWaitsForServices", Level = LogLevel.Warning, Message = "Search {Search} waits for its services: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string search, string reason);
}
