using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Creation;
using DiffusionMesh.Orchestrator.Storage;
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
    public async Task<StoredSearch> CreateAsync(CreateSearchRequest request, string tenant, CancellationToken cancellationToken)
    {
        var violations = new FieldViolations();
        violations.Require(
            request.RequestId.Length <= MaxRequestId,
            "request_id",
            $"has {request.RequestId.Length} characters; at most {MaxRequestId} are accepted");
        violations.Require(!request.RequestId.Any(char.IsControl), "request_id", "holds control characters; send a name or a UUID");
        violations.ThrowIfAny();
        var known = request.RequestId.Length == 0 ? null : await storage.FindByRequestIdAsync(tenant, request.RequestId, cancellationToken);
        if (known is null)
        {
            var resolved = await resolver.ResolveAsync(request.Spec, cancellationToken);
            known = await storage.CreateAsync(Header(request, tenant, resolved), admission.Admit, cancellationToken);
        }

        if (!known.Header.Requested.Equals(request.Spec))
        {
            throw RpcErrors.AlreadyExists(
                "REQUEST_ID_REUSED",
                $"request_id: '{request.RequestId}' started search {known.Header.Id} with another specification");
        }

        if (!known.HasEnded)
        {
            await queue.AddAsync(known.Header.Id, known.Header.Place, cancellationToken);
        }

        return known;
    }

    private SearchHeader Header(CreateSearchRequest request, string tenant, ResolvedSearch search)
    {
        var spec = SearchSpecMapping.ToMessage(search.Spec);
        spec.Priority = search.Priority;
        var now = time.GetUtcNow();
        return new SearchHeader
        {
            Id = SearchIds.Create(now),
            Tenant = tenant,
            RequestId = request.RequestId,
            CreateTime = Timestamp.FromDateTimeOffset(now),
            Requested = request.Spec,
            Spec = spec,
            Verifiers = { search.Verifiers.Select(verifier => new BoundVerifier { Address = verifier.Address, Description = verifier.Description }) },
            CandidatesPlanned = search.PlannedCandidates,
        };
    }
}
