using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Imaging;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Search.Algorithms;
using Google.Protobuf;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator;

/// <summary>The search service as its contract describes it.</summary>
internal sealed class SearchEndpoint(
    DenoiserMesh denoiser,
    VerifierMesh verifiers,
    SearchCreation creation,
    SearchStore store) : SearchService.SearchServiceBase
{
    private static readonly TimeSpan CancelPatience = TimeSpan.FromSeconds(10);

    public override async Task<DescribeMeshResponse> DescribeMesh(DescribeMeshRequest request, ServerCallContext context)
    {
        var statuses = verifiers.DescribeAllAsync(context.CancellationToken);
        var models = await denoiser.ListModelsAsync(context.CancellationToken);
        return new DescribeMeshResponse
        {
            Models = { models },
            Verifiers = { await statuses },
            Algorithms = { SearchAlgorithms.All.Names.Select(name => AlgorithmMapping.ToMessage(SearchAlgorithms.All[name])) },
        };
    }

    public override async Task<CreateSearchResponse> CreateSearch(CreateSearchRequest request, ServerCallContext context)
    {
        var record = await creation.CreateAsync(request, context.CancellationToken);
        return new CreateSearchResponse { Search = record.ToMessage(candidates: true) };
    }

    public override Task<GetSearchResponse> GetSearch(GetSearchRequest request, ServerCallContext context) =>
        Task.FromResult(new GetSearchResponse { Search = Find(request.SearchId).Record.ToMessage(candidates: true) });

    public override Task<ListSearchesResponse> ListSearches(ListSearchesRequest request, ServerCallContext context)
    {
        var (size, before) = SearchPages.Read(request);
        var found = store.List(before, size + 1);
        return Task.FromResult(new ListSearchesResponse
        {
            Searches = { found.Take(size).Select(found => found.Entry.Record.ToMessage(candidates: false)) },
            NextPageToken = found.Count > size ? SearchPages.TokenAfter(found[size - 1].Sequence) : "",
        });
    }

    public override async Task WatchSearch(
        WatchSearchRequest request,
        IServerStreamWriter<WatchSearchResponse> responseStream,
        ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Require(request.AfterEvent >= 0, "after_event", $"is {request.AfterEvent}; events are numbered from 1");
        violations.ThrowIfAny();
        await foreach (var happened in Find(request.SearchId).Record.Events.ReadAsync(request.AfterEvent, context.CancellationToken))
        {
            await responseStream.WriteAsync(happened, context.CancellationToken);
        }
    }

    public override async Task<CancelSearchResponse> CancelSearch(CancelSearchRequest request, ServerCallContext context)
    {
        var (record, stop) = Find(request.SearchId);
        if (record.IsRunning)
        {
            stop.Cancel();
            await record.Ended.WaitAsync(CancelPatience, context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.CancellationToken.ThrowIfCancellationRequested();
        }

        return new CancelSearchResponse { Search = record.ToMessage(candidates: true) };
    }

    public override Task<GetSearchImageResponse> GetSearchImage(GetSearchImageRequest request, ServerCallContext context)
    {
        var (candidate, image) = SearchImages.Find(Find(request.SearchId).Record, request.CandidateId);
        var response = new GetSearchImageResponse { CandidateId = candidate, PixelDigest = image.Digest };
        switch (request.Format)
        {
            case ImageFormat.Pixels:
                response.Pixels = TensorMapping.ToMessage(image.Pixels, image.Height, image.Width, image.Channels);
                break;

            case ImageFormat.Unspecified or ImageFormat.Png:
                response.Png = UnsafeByteOperations.UnsafeWrap(Png.Encode(image.Pixels.Span, image.Width, image.Height, image.Channels));
                break;

            default:
                var violations = new FieldViolations();
                violations.Add("format", $"is {request.Format}, which is not a format");
                throw violations.ToException();
        }

        return Task.FromResult(response);
    }

    private SearchEntry Find(string id) =>
        store.Find(id) ?? throw new RpcException(new Status(StatusCode.NotFound, $"search_id: there is no search '{id}'"));
}
