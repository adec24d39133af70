using System.Diagnostics;
using System.Globalization;
using System.Text;
using DiffusionMesh.Benchmarks.Measuring;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search;

namespace DiffusionMesh.Benchmarks.Storage;

/// <summary>
/// What it costs to keep searches: how soon an entry with its image is durable, how many a second where many wait at once, and
/// how long a page of the list takes to read.
/// </summary>
internal static class StorageBenchmark
{
    private const int WarmUp = 50;
    private const int AtOnce = 64;
    private const int Side = 64;
    private const int Pages = 20;

    /// <param name="appends">To each store, alone and again together.</param>
    /// <param name="searches">On a page.</param>
    public static async Task<string> MeasureAsync(int appends, int searches, CancellationToken cancellationToken)
    {
        var table = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"| store | one append: p50, ms | p99, ms | appends a second, {AtOnce} at once | a page of {searches} searches: median, ms | most, ms |")
            .AppendLine("|---|--:|--:|--:|--:|--:|");
        foreach (var open in MeasuredStore.All)
        {
            await using var store = await open();
            var alone = await AppendAloneAsync(store.Storage, appends, cancellationToken);
            var together = await AppendTogetherAsync(store.Storage, appends, cancellationToken);
            var pages = await ReadPagesAsync(store.Storage, searches, cancellationToken);
            table.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {store.Name} | {Spread.Quantile(alone, 0.5):0.00} | {Spread.Quantile(alone, 0.99):0.00} | {together:0} | {Spread.Quantile(pages, 0.5):0} | {pages[^1]:0} |");
        }

        return table.ToString();
    }

    private static async Task<double[]> AppendAloneAsync(ISearchStorage storage, int appends, CancellationToken cancellationToken)
    {
        await using var log = await BeginAsync(storage, cancellationToken);
        var times = new List<double>();
        for (var i = 0; i < WarmUp + appends; i++)
        {
            var image = Image(i);
            var start = Stopwatch.GetTimestamp();
            await AppendAsync(log, image);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return [.. times.Skip(WarmUp).Order()];
    }

    private static async Task<double> AppendTogetherAsync(ISearchStorage storage, int appends, CancellationToken cancellationToken)
    {
        await using var log = await BeginAsync(storage, cancellationToken);
        var images = Enumerable.Range(0, appends).Select(Image).ToArray();
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            images,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (image, _) => await AppendAsync(log, image));
        return appends / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    // As ListSearches reads them, of searches that have ended; the first page is read for nothing.
    private static async Task<double[]> ReadPagesAsync(ISearchStorage storage, int searches, CancellationToken cancellationToken)
    {
        for (var i = 0; i < searches; i++)
        {
            await using var log = await BeginAsync(storage, cancellationToken);
            await log.AppendAsync(
                new JournalEntry { Event = new WatchSearchResponse { SearchFinished = new Contracts.SearchV1.Search { State = SearchState.Succeeded } } }, [], []);
        }

        var times = new List<double>();
        for (var page = 0; page <= Pages; page++)
        {
            var views = new SearchViews(storage);
            var start = Stopwatch.GetTimestamp();
            await views.PageAsync(tenant: null, before: null, searches, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return [.. times.Skip(1).Order()];
    }

    private static async Task<ISearchLog> BeginAsync(ISearchStorage storage, CancellationToken cancellationToken)
    {
        var header = new SearchHeader { Id = Guid.NewGuid().ToString("N"), Spec = new Contracts.SearchV1.SearchSpec { BudgetNfe = 1 } };
        var search = await storage.CreateAsync(header, (_, _) => new Admission(Place: 0, Finish: 0, Nfe: 0), cancellationToken);
        return await storage.TakeAsync(search.Header.Id, "benchmark", cancellationToken);
    }

    private static Task AppendAsync(ISearchLog log, SampleImage image) => log.AppendAsync(new JournalEntry { WastedNfe = 1 }, [image], []);

    private static SampleImage Image(int number)
    {
        var pixels = new byte[Side * Side * 3];
        new Random(number).NextBytes(pixels);
        return new SampleImage(pixels, Side, Side, 3);
    }
}
