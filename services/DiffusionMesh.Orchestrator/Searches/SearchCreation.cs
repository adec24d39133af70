using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Creation;
using DiffusionMesh.Orchestrator.Storage;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Creates searches, each request id of a tenant once.</summary>
internal sealed class SearchCreation(
    SpecResolver resolver, ISearchStorage storage, SearchQueue queue, SearchAdmission admission, TimeProvider time)
{
    private const int MaxRequestId = 128;

    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT, FAILED_PRECONDITION or UNAVAILABLE as the specification deserves; ALREADY_EXISTS if the request id
    /// belongs to another one; RESOURCE_EXHAUSTED if too many searches of the tenant wait, or its quota of the day does not hold the cost.
    /// </exception>
    public Task<StoredSearch> CreateAsync(CreateSearchRequest request, string tenant, CancellationToken cancellationToken) => CreateAsync(
        request.RequestId,
        tenant,
        known => known.ReplayOf.Length == 0 && IsSame(known, request.Spec),
        async () => Header(request, await resolver.ResolveAsync(request.Spec, cancellationToken)),
        cancellationToken);

    /// <summary>Creates a search that runs another one again.</summary>
    /// <exception cref="RpcException">ALREADY_EXISTS or RESOURCE_EXHAUSTED, as above.</exception>
    public Task<StoredSearch> CreateReplayAsync(SearchHeader original, string requestId, CancellationToken cancellationToken) => CreateAsync(
        requestId,
        original.Tenant,
        known => known.ReplayOf == original.Id,
        () => Task.FromResult(new SearchHeader(original) { ReplayOf = original.Id }),
        cancellationToken);

    private async Task<StoredSearch> CreateAsync(
        string requestId,
        string tenant,
        Predicate<SearchHeader> isSame,
        Func<Task<SearchHeader>> headerAsync,
        CancellationToken cancellationToken)
    {
        var violations = new FieldViolations();
        violations.Require(
            requestId.Length <= MaxRequestId,
            "request_id",
            $"has {requestId.Length} characters; at most {MaxRequestId} are accepted");
        violations.Require(!requestId.Any(char.IsControl), "request_id", "holds control characters; send a name or a UUID");
        violations.ThrowIfAny();
        var known = requestId.Length == 0 ? null : await storage.FindByRequestIdAsync(tenant, requestId, cancellationToken);
        if (known is null)
        {
            var header = await headerAsync();
            var now = time.GetUtcNow();
            (header.Id, header.Tenant, header.RequestId) = (SearchIds.Create(now), tenant, requestId);
            header.CreateTime = Timestamp.FromDateTimeOffset(now);
            known = await storage.CreateAsync(header, admission.Admit, cancellationToken);
        }

        if (!isSame(known.Header))
        {
            throw RpcErrors.AlreadyExists(
                "REQUEST_ID_REUSED",
                $"request_id: '{requestId}' started search {known.Header.Id} with another specification");
        }

        if (!known.HasEnded)
        {
            await queue.AddAsync(known.Header.Id, known.Place, cancellationToken);
        }

        return known;
    }

    private static SearchHeader Header(CreateSearchRequest request, ResolvedSearch search)
    {
        var spec = SearchSpecMapping.ToMessage(search.Spec);
        spec.Priority = search.Priority;
        return new SearchHeader
        {
            Requested = WithoutStates(request.Spec),
            Spec = spec,
            Verifiers = { search.Verifiers.Select(verifier => new BoundVerifier { Address = verifier.Address, Description = verifier.Description }) },
            CandidatesPlanned = search.PlannedCandidates,
        };
    }

    // States are large, and the specification with all filled in has them as well.
    private static bool IsSame(SearchHeader known, SearchSpec? requested) =>
        requested is not null
        && WithoutStates(known.Requested).Equals(WithoutStates(requested))
        && known.Spec.Verifiers.Select(verifier => verifier.State).SequenceEqual(requested.Verifiers.Select(verifier => verifier.State));

    private static SearchSpec WithoutStates(SearchSpec spec)
    {
        var without = spec.Clone();
        foreach (var verifier in without.Verifiers)
        {
            verifier.State = ByteString.Empty;
        }

        return without;
    }
}
