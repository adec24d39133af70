using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Imaging;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Replay;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.ServiceDefaults.Security;
using DiffusionMesh.ServiceDefaults.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Orchestrator;

/// <summary>The search service as its contract describes it. It answers for every search, whoever runs it.</summary>
internal sealed class SearchEndpoint(
    DenoiserMesh denoiser,
    VerifierMesh verifiers,
    ISearchStorage storage,
    SearchCreation creation,
    SearchCancellation cancellation,
    SearchResumption resumption,
    SearchReplay replay,
    Rescoring rescoring,
    SearchViews views,
    SearchWatch watch,
    SearchImages images) : SearchService.SearchServiceBase
{
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
        var created = await creation.CreateAsync(request, Caller.Of(context).Tenant, context.CancellationToken);
        Activity.Current?.SetTag(DiffusionMeshTelemetry.SearchId, created.Header.Id);
        return new CreateSearchResponse { Search = await ShowAsync(created, context) };
    }

    public override async Task<GetSearchResponse> GetSearch(GetSearchRequest request, ServerCallContext context) =>
        new() { Search = await ShowAsync(await FindAsync(request.SearchId, context), context) };

    public override async Task<ListSearchesResponse> ListSearches(ListSearchesRequest request, ServerCallContext context)
    {
        var (size, before) = SearchPages.Read(request);
        var caller = Caller.Of(context);
        var (page, last) = await views.PageAsync(caller.IsAdmin ? null : caller.Tenant, before, size, context.CancellationToken);
        return new ListSearchesResponse { Searches = { page }, NextPageToken = last is { } sequence ? SearchPages.TokenAfter(sequence) : "" };
    }

    public override async Task WatchSearch(
        WatchSearchRequest request,
        IServerStreamWriter<WatchSearchResponse> responseStream,
        ServerCallContext context)
    {
        var violations = new FieldViolations();
        violations.Require(request.AfterEvent >= 0, "after_event", $"is {request.AfterEvent}; events are numbered from 1");
        violations.ThrowIfAny();
        var search = await FindAsync(request.SearchId, context);
        await foreach (var happened in watch.ReadAsync(search.Header.Id, request.AfterEvent, context.CancellationToken))
        {
            await responseStream.WriteAsync(happened, context.CancellationToken);
        }
    }

    public override async Task<CancelSearchResponse> CancelSearch(CancelSearchRequest request, ServerCallContext context)
    {
        var search = await FindAsync(request.SearchId, context);
        await cancellation.CancelAsync(search, context.CancellationToken);
        return new CancelSearchResponse { Search = await ShowAsync(search, context) };
    }

    public override async Task<ResumeSearchResponse> ResumeSearch(ResumeSearchRequest request, ServerCallContext context)
    {
        var search = await FindAsync(request.SearchId, context);
        await resumption.ResumeAsync(search, context.CancellationToken);
        return new ResumeSearchResponse { Search = await ShowAsync(search, context) };
    }

    public override async Task<ReplaySearchResponse> ReplaySearch(ReplaySearchRequest request, ServerCallContext context)
    {
        var original = await FindAsync(request.SearchId, context);
        var created = await replay.CreateAsync(original, request.RequestId, context.CancellationToken);
        return new ReplaySearchResponse { Search = await ShowAsync(created, context) };
    }

    public override async Task RescoreSearch(
        RescoreSearchRequest request,
        IServerStreamWriter<RescoreSearchResponse> responseStream,
        ServerCallContext context)
    {
        var search = await FindAsync(request.SearchId, context);
        await foreach (var scored in rescoring.RunAsync(search, request.Verifiers, context.CancellationToken))
        {
            await responseStream.WriteAsync(scored, context.CancellationToken);
        }
    }

    public override async Task<DeleteSearchResponse> DeleteSearch(DeleteSearchRequest request, ServerCallContext context)
    {
        var id = (await FindAsync(request.SearchId, context)).Header.Id;
        if (!await storage.DeleteAsync(id, context.CancellationToken))
        {
            throw RpcErrors.FailedPrecondition("SEARCH_NOT_ENDED", $"search {id} has not ended: cancel it first");
        }

        views.Forget(id);
        return new DeleteSearchResponse();
    }

    public override async Task<GetSearchImageResponse> GetSearchImage(GetSearchImageRequest request, ServerCallContext context)
    {
        var search = await FindAsync(request.SearchId, context);
        var (candidate, image) = await images.FindAsync(search, request.CandidateId, context.CancellationToken);
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

        return response;
    }

    // A search of another tenant is none.
    private async Task<StoredSearch> FindAsync(string id, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        try
        {
            var found = SearchIds.IsValid(id) ? await storage.FindAsync(id, context.CancellationToken) : null;
            return found is not null && (caller.IsAdmin || found.Header.Tenant == caller.Tenant)
                ? found
                : throw RpcErrors.SearchUnknown(id);
        }
        catch (SearchDamagedException) when (!caller.IsAdmin)
        {
            // Nobody knows whose it is.
            throw RpcErrors.SearchUnknown(id);
        }
    }

    private async Task<SearchMessage> ShowAsync(StoredSearch search, ServerCallContext context) =>
        (await views.OfAsync(search, context.CancellationToken)).ToMessage(candidates: true);
}
