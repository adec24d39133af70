using System.Collections.Immutable;
using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Creation;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;
using DiffusionMesh.Search.Running;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Runs searches in the background.</summary>
internal sealed partial class SearchLauncher(
    DenoiserMesh denoiser,
    VerifierMesh verifiers,
    CallPolicy policy,
    SearchStore store,
    IOptions<OrchestratorOptions> options,
    TimeProvider time,
    ILogger<SearchLauncher> logger)
{
    public SearchEntry Prepare(CreateSearchRequest request, ResolvedSearch search)
    {
        var spec = SearchSpecMapping.ToMessage(search.Spec);
        spec.Priority = search.Priority;
        return new SearchEntry(
            new SearchRecord(Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), request, spec, time.GetUtcNow()),
            new SearchStop(search.Spec.MaxDuration, TimeSpan.FromSeconds(options.Value.CancelGraceSeconds), time));
    }

    /// <summary>Starts a search; its end is seen in its record.</summary>
    public void Launch(SearchEntry entry, ResolvedSearch search)
    {
        var creator = Activity.Current?.Context ?? default;
        _ = Task.Run(() => RunAsync(entry, search, creator));
    }

    private async Task RunAsync(SearchEntry entry, ResolvedSearch search, ActivityContext creator)
    {
        var (record, stop) = entry;
        var spec = search.Spec;
        using var trace = new SearchTrace(record.Id, spec, creator);
        using var running = SearchMetrics.Running(spec.Algorithm);
        ImmutableArray<IVerifier> ports = [.. search.Verifiers.Select(verifier => new RemoteVerifier(
            verifier.Choice,
            verifier.Description,
            new ScoreCalls(verifier.Choice.Name, verifiers.At(verifier.Address), policy, options.Value, time, trace),
            options.Value.ScoreParallelism))];
        var rule = SelectionRule.Of(spec, ports);
        var progress = new SearchProgress(search.PlannedCandidates, spec.BudgetNfe, spec.MaxDuration);
        var publisher = new SearchPublisher(record, progress, trace, rule, () => stop.Elapsed, time);
        record.Begin(() => stop.Elapsed);
        LogStarted(logger, record.Id, spec.Algorithm, spec.BudgetNfe);
        try
        {
            var environment = new SearchEnvironment(
                new RemoteSampler(spec, new DenoiserTurns(record.Id, search.Priority), denoiser, policy, options.Value, time, trace),
                ports,
                new InMemoryJournal(),
                publisher,
                stop,
                spec.BudgetNfe * options.Value.MaxWastedPercent / 100);
            var result = await SearchRunner.RunAsync(spec, search.Algorithm, environment, stop.Aborted);
            trace.Ended(result);
            SearchMetrics.Ended(result);
            record.End(result, time.GetUtcNow());
            LogEnded(logger, record.Id, result.StopReason, result.Ledger.NfeTotal, result.Error);
        }
        catch (Exception unforeseen)
        {
            // Nobody awaits a search: its record is where its end is seen, whatever it was.
            LogBroken(logger, record.Id, unforeseen);
            record.End("internal error; the server's log has it under this search", time.GetUtcNow());
        }

        store.Trim();
        publisher.SearchFinished();
    }

    [LoggerMessage(EventName = "SearchStarted", Level = LogLevel.Information, Message = "Search {Search} started: {Algorithm}, {Budget} NFE")]
    private static partial void LogStarted(ILogger logger, string search, string algorithm, long budget);

    [LoggerMessage(EventName = "SearchEnded", Level = LogLevel.Information, Message = "Search {Search} ended: {Reason}, {Nfe} NFE {Error}")]
    private static partial void LogEnded(ILogger logger, string search, DiffusionMesh.Search.StopReason reason, long nfe, string? error);

    [LoggerMessage(EventName = "SearchBroken", Level = LogLevel.Error, Message = "Search {Search} broke")]
    private static partial void LogBroken(ILogger logger, string search, Exception error);
}
