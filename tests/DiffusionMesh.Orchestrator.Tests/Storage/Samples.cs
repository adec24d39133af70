using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

/// <summary>Things to keep.</summary>
internal static class Samples
{
    public static SearchHeader Header(string tenant = "", string requestId = "") => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Tenant = tenant,
        RequestId = requestId,
        CandidatesPlanned = 3,
        Spec = new DiffusionMesh.Contracts.SearchV1.SearchSpec(),
    };

    /// <summary>Creates a search whose tenant may have as many as it likes.</summary>
    public static Task<StoredSearch> CreateAsync(this ISearchStorage storage, SearchHeader header, CancellationToken cancellationToken) =>
        storage.CreateAsync(header, (_, _) => new Admission(Place: 0, Finish: 0, Nfe: 0), cancellationToken);

    /// <summary>Reopens a search whose tenant may spend as much as it likes.</summary>
    public static Task ReopenAsync(this ISearchStorage storage, string id, CancellationToken cancellationToken) =>
        storage.ReopenAsync(id, (_, _, _) => new Admission(Place: 0, Finish: 0, Nfe: 0), cancellationToken);

    public static JournalEntry Waste(long nfe) => new() { WastedNfe = nfe };

    public static JournalEntry End(SearchState state = SearchState.Succeeded, long nfe = 0, long wasted = 0) => new()
    {
        Event = new WatchSearchResponse
        {
            SearchFinished = new DiffusionMesh.Contracts.SearchV1.Search { State = state, Ledger = new Ledger { NfeSearch = nfe, NfeWasted = wasted, NfeTotal = nfe + wasted } },
        },
    };

    public static ContentKey Key(int number) => new(number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture));

    public static SampleImage Image(int number, int channels = 3) =>
        new(Enumerable.Range(0, 4 * 5 * channels).Select(i => (byte)(i + (number * 7))).ToArray(), 4, 5, channels);

    public static SampledSegment Segment(int number) => new(Image(number), Nfe: 10 + number, NetworkRows: 20, Decodes: 1)
    {
        State = new LatentState(Enumerable.Range(0, 2 * 3 * 4 * sizeof(float)).Select(i => (byte)(i + number)).ToArray(), 2, 3, 4),
        XPredictions = [new XPrediction(0.1, 0.30000000000000004, Image(number + 100, channels: 1))],
    };
}
