using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Replay;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Orchestrator.Telemetry;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ranking;
using DiffusionMesh.Search.Running;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;
using SearchSpec = DiffusionMesh.Search.SearchSpec;
using StopReason = DiffusionMesh.Search.StopReason;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Takes a search on and runs it, over all that its journal holds, until it ends or is left to another.</summary>
internal sealed partial class SearchRun(
    ISearchStorage storage,
    SearchPorts ports,
    SearchServices services,
    RunningSearches running,
    ReplayOriginals originals,
    IOptions<OrchestratorOptions> options,
    IOptions<TelemetryOptions> telemetry,
    TimeProvider time,
    ILogger<SearchRun> logger)
{
    /// <summary>
    /// Does nothing if there is no such search, or if it has ended. One that is damaged, or whose specification cannot be read,
    /// ends as failed: it would be tried again for ever.
    /// </summary>
    /// <param name="handBack">Lets it be taken on again, since this orchestrator stops.</param>
    /// <exception cref="StorageException">What happened could not be kept: take it on again later.</exception>
    public async Task RunAsync(string id, Func<Task> handBack, CancellationToken cancellationToken)
    {
        if (await storage.FindAsync(id, cancellationToken) is not { HasEnded: false } stored)
        {
            return;
        }

        using var about = logger.BeginScope(new LogScope(new KeyValuePair<string, object?>(DiffusionMeshTelemetry.SearchId, id)));
        await using var log = await storage.TakeAsync(id, running.Orchestrator, cancellationToken);
        try
        {
            await RunAsync(stored.Header, log, handBack, cancellationToken);
        }
        catch (Exception damage) when (WhyNever(damage) is { } why)
        {
            LogDamaged(logger, id, damage);
            await log.AppendAsync(new JournalEntry { Event = await EndOfDamagedAsync(stored.Header, why) }, [], []);
        }
    }

    private async Task RunAsync(SearchHeader header, ISearchLog log, Func<Task> handBack, CancellationToken cancellationToken)
    {
        var id = header.Id;
        var entries = await storage.ReadAsync(id, after: 0, cancellationToken);
        var fold = new SearchFold(header);
        foreach (var entry in entries)
        {
            fold.Apply(entry);
        }

        if (fold.HasEnded)
        {
            return;
        }

        var spec = SearchSpecMapping.ToDomain(header.Spec);
        // Where the first run ran out of time a replay stops as well, and never by a clock of its own.
        var limit = header.ReplayOf.Length > 0 ? null : spec.MaxDuration + fold.ElapsedWhenReopened;
        using var stop = new SearchStop(limit, fold.Elapsed, TimeSpan.FromSeconds(options.Value.CancelGraceSeconds), time);
        var durable = await DurableJournal.OpenAsync(storage, id, log, entries, cancellationToken);
        var journal = new LeavableJournal(durable, stop);
        await using var lost = log.Lost.Register(stop.Abandon);
        await using var cancel = log.CancelRequested.Register(stop.Cancel);
        using var here = running.Add(stop);
        try
        {
            await RunAsync(new TakenSearch(header, spec, log, fold, stop, durable.LostNfe), journal);
        }
        catch (SearchLeftException) when (!log.Lost.IsCancellationRequested)
        {
            await log.AppendAsync(new JournalEntry { HandedBack = new HandedBack() }, [], []);
            await handBack();
            LogHandedBack(logger, id);
        }
        catch (Exception lostSearch) when (lostSearch is SearchLostException or SearchLeftException || log.Lost.IsCancellationRequested)
        {
            LogLost(logger, id, lostSearch.Message);
        }
    }

    private async Task RunAsync(TakenSearch taken, LeavableJournal journal)
    {
        var (header, spec, log, fold, stop, lostNfe) = taken;
        var privacy = new PromptPrivacy(spec, telemetry.Value.Prompts);
        using var trace = new SearchTrace(header.Id, spec, privacy, log.Epoch, logger);
        using var counted = SearchMetrics.Running(spec.Algorithm);
        using var verifiers = ports.Verifiers(header, spec, trace);
        var progress = new SearchProgress(header.CandidatesPlanned, spec.BudgetNfe, stop.Limit, AtOnce);
        var publisher = new SearchPublisher(
            fold, log, progress, trace, SelectionRule.Of(spec, verifiers.Ports), () => stop.Elapsed, time);
        LogStarted(logger, header.Id, spec.Algorithm, spec.BudgetNfe, log.Epoch);
        var lost = fold.WasBrokenOff ? fold.AtOnce : 0;
        var sampler = new AnnouncedSampler(ports.Sampler(header, spec, trace), journal, log, fold.AtOnce, lost);
        var maxWasted = await MaxWastedAsync(spec, journal, lost);
        await publisher.StartedAsync(running.Orchestrator);
        if (lostNfe > 0)
        {
            trace.NfeWasted(lostNfe);
        }

        SearchMessage end;
        try
        {
            var original = header.ReplayOf.Length == 0 ? null : await originals.LoadAsync(header.ReplayOf, CancellationToken.None);
            verifiers.Open();
            await services.WaitAsync(header, stop);
            IJournal used = original is null ? journal : new ReplayJournal(journal, original.Run);
            var environment = new SearchEnvironment(sampler, verifiers.Ports, used, publisher, stop, maxWasted);
            var result = await SearchRunner.RunAsync(spec, SearchAlgorithms.All[spec.Algorithm], environment, stop.Aborted);
            if (stop.IsLeft && (log.Lost.IsCancellationRequested || result.StopReason == StopReason.Cancelled))
            {
                throw new SearchLeftException();
            }

            trace.Ended(result);
            SearchMetrics.Ended(result);
            end = SearchOutcome.Of(header, result, stop.Elapsed, time.GetUtcNow());
            if (original is not null && result.StopReason != StopReason.Error && !log.CancelRequested.IsCancellationRequested)
            {
                await publisher.WrittenAsync();
                end.Replay = await originals.CompareAsync(original, header, end, CancellationToken.None);
            }

            LogEnded(logger, header.Id, result.StopReason, result.Ledger.NfeTotal, result.Error is { } error ? privacy.Hide(error) : "");
        }
        catch (Exception unable) when (unable is OriginalUnreadableException or VerifierRefusedException)
        {
            end = await BrokenAsync(unable.Message);
        }
        catch (Exception unforeseen) when (unforeseen is not (SearchLeftException or SearchLostException or StorageException))
        {
            // Nobody awaits a search: its journal is where its end is seen, whatever it was.
            LogBroken(logger, header.Id, unforeseen);
            end = await BrokenAsync("internal error; the server's log has it under this search");
        }

        await publisher.FinishedAsync(end);

        async Task<SearchMessage> BrokenAsync(string why) =>
            SearchOutcome.Broken(fold.ToMessage(candidates: true), await journal.PaidAsync(), why, stop.Elapsed, time.GetUtcNow());
    }

    // Why a search can never be taken on; null where another time may do better. Another version may know names that this one does not.
    private static string? WhyNever(Exception failure) => failure switch
    {
        SearchDamagedException => failure.Message,
        RpcException { StatusCode: StatusCode.InvalidArgument, Status.Detail: var detail } => Unreadable(detail),
        KeyNotFoundException or ArgumentException or FormatException => Unreadable(failure.Message),
        _ => null,
    };

    private static string Unreadable(string why) => $"what is kept of the search cannot be read ({why}): resume it with the version that wrote it";

    // How many events there were is not known: there are not more of them than entries.
    private async Task<WatchSearchResponse> EndOfDamagedAsync(SearchHeader header, string why)
    {
        var now = time.GetUtcNow();
        var last = (await storage.FindAsync(header.Id, CancellationToken.None))?.LastEntry ?? 0;
        var readable = await ReadableAsync(header, last);
        return new WatchSearchResponse
        {
            EventNumber = last + 1,
            Time = Timestamp.FromDateTimeOffset(now),
            Progress = new SearchProgress(header.CandidatesPlanned, header.Spec.BudgetNfe, limit: null, AtOnce).ToMessage(readable.Elapsed),
            SearchFinished = SearchOutcome.Broken(readable.ToMessage(candidates: false), readable.PaidNfe, why, readable.Elapsed, now),
        };
    }

    // What its journal tells up to where it is damaged.
    private async Task<SearchFold> ReadableAsync(SearchHeader header, long last)
    {
        var fold = new SearchFold(header);
        try
        {
            await foreach (var entry in last > 0 ? storage.FollowAsync(header.Id, after: 0, CancellationToken.None) : AsyncEnumerable.Empty<JournalEntry>())
            {
                fold.Apply(entry);
                if (entry.Number >= last)
                {
                    break;
                }
            }
        }
        catch (SearchDamagedException)
        {
            // It goes no further.
        }

        return fold;
    }

    private int AtOnce => options.Value.Parallelism * options.Value.TrajectoriesPerCall;

    // What was lost before, and with an orchestrator, is no reason to give a search up.
    private async Task<long> MaxWastedAsync(SearchSpec spec, LeavableJournal journal, int lost)
    {
        var dearest = RemoteSampler.Cost(spec.Sampler, Math.Max(spec.Steps, spec.FinalSteps));
        return await journal.WastedAsync() + (lost * dearest) + (spec.BudgetNfe * options.Value.MaxWastedPercent / 100);
    }

    [LoggerMessage(EventName = "SearchStarted", Level = LogLevel.Information, Message = "Search {Search} started: {Algorithm}, {Budget} NFE, epoch {Epoch}")]
    private static partial void LogStarted(ILogger logger, string search, string algorithm, long budget, long epoch);

    [LoggerMessage(EventName = "SearchEnded", Level = LogLevel.Information, Message = "Search {Search} ended: {Reason}, {Nfe} NFE {Error}")]
    private static partial void LogEnded(ILogger logger, string search, StopReason reason, long nfe, string? error);

    [LoggerMessage(EventName = "SearchHandedBack", Level = LogLevel.Information, Message = "Search {Search} is handed back")]
    private static partial void LogHandedBack(ILogger logger, string search);

    [LoggerMessage(EventName = "SearchLost", Level = LogLevel.Warning, Message = "Search {Search} is lost to another orchestrator: {Reason}")]
    private static partial void LogLost(ILogger logger, string search, string reason);

    [LoggerMessage(EventName = "SearchDamaged", Level = LogLevel.Error, Message = "Search {Search} ends as failed: what was kept of it cannot be read")]
    private static partial void LogDamaged(ILogger logger, string search, Exception error);

    [LoggerMessage(EventName = "SearchBroken", Level = LogLevel.Error, Message = "Search {Search} broke")]
    private static partial void LogBroken(ILogger logger, string search, Exception error);

    private sealed record TakenSearch(SearchHeader Header, SearchSpec Spec, ISearchLog Log, SearchFold Fold, SearchStop Stop, long LostNfe);
}
