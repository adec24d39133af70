using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Creation;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Creates searches, each request id once.</summary>
internal sealed class SearchCreation(
    SpecResolver resolver,
    SearchLauncher launcher,
    SearchStore store,
    IOptions<OrchestratorOptions> options)
{
    private const int MaxRequestId = 128;

    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(5);

    /// <exception cref="RpcException">
    /// INVALID_ARGUMENT, FAILED_PRECONDITION or UNAVAILABLE as the specification deserves; ALREADY_EXISTS if the request id
    /// belongs to another one; RESOURCE_EXHAUSTED if too many searches are running.
    /// </exception>
    public async Task<SearchRecord> CreateAsync(CreateSearchRequest request, CancellationToken cancellationToken)
    {
        var violations = new FieldViolations();
        violations.Require(
            request.RequestId.Length <= MaxRequestId,
            "request_id",
            $"has {request.RequestId.Length} characters; at most {MaxRequestId} are accepted");
        violations.ThrowIfAny();
        if (store.FindByRequestId(request.RequestId) is { } known)
        {
            return SameOrThrow(known, request);
        }

        if (store.Running.Count >= options.Value.MaxRunningSearches)
        {
            throw RpcErrors.ResourceExhausted($"{options.Value.MaxRunningSearches} searches are running", RetryWhenFull);
        }

        var resolved = await resolver.ResolveAsync(request.Spec, cancellationToken);
        var entry = launcher.Prepare(request, resolved);
        if (!store.TryAdd(entry, out var existing))
        {
            return SameOrThrow(existing, request);
        }

        launcher.Launch(entry, resolved);
        return entry.Record;
    }

    private static SearchRecord SameOrThrow(SearchEntry existing, CreateSearchRequest request) =>
        existing.Record.Requested.Equals(request.Spec)
            ? existing.Record
            : throw RpcErrors.AlreadyExists(
                "REQUEST_ID_REUSED",
                $"request_id: '{request.RequestId}' started search {existing.Record.Id} with another specification");
}
