using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Experiments.Planning;
using DiffusionMesh.Cli.Experiments.Storage;
using DiffusionMesh.Cli.Mesh;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using Google.Rpc;
using Grpc.Core;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Experiments.Running;

/// <summary>Runs one search to its end and fetches what is kept of it.</summary>
internal sealed class RunExecution(MeshAccess mesh)
{
    private const int MostAttempts = 4;
    private const int ImagesAtOnce = 4;
    // The services may share their machine with much else.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(10);

    /// <param name="run">What to run.</param>
    /// <param name="cancellationToken">Cancels the search too.</param>
    /// <exception cref="CommandFailure">The search did not succeed.</exception>
    public async Task<(StoredRun Run, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Images)> RunAsync(
        PlannedRun run, CancellationToken cancellationToken)
    {
        var search = await SearchAsync(run.Spec, run.Key, cancellationToken);
        var kept = run.IsPool ? search.Candidates.Where(IsScored).ToArray() : [];
        var (candidates, shape, images) = run.IsPool
            ? await PoolAsync(search, kept, cancellationToken)
            : await BestAsync(search, cancellationToken);
        return (
            new StoredRun
            {
                Key = run.Key,
                What = Describe(run.Spec),
                Search = search.Id,
                Ended = DateTimeOffset.UtcNow,
                StopReason = SearchDocumentMapping.SnakeCase(search.StopReason),
                Ledger = ToStored(search.Ledger),
                Candidates = candidates,
                CandidateCount = search.Candidates.Count,
                Best = search.Best.Count > 0 ? search.Best[0].CandidateId : null,
                ImageShape = shape,
                Degradations = [.. search.Degradations],
            },
            images);
    }

    /// <summary>Runs a search and answers how it ended.</summary>
    public async Task<SearchMessage> SearchAsync(SearchSpec spec, string requestId, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // An orchestrator that ran on after this program had ended still has the search; one that was cancelled is begun again.
            var id = attempt == 1 ? requestId : $"{requestId}-{Guid.NewGuid():N}";
            var created = await CreateAsync(new CreateSearchRequest { Spec = spec, RequestId = id }, cancellationToken);
            await using var cancelling = cancellationToken.Register(() => _ = CancelAsync(created.Id));
            await FollowAsync(created.Id, cancellationToken);
            var answer = await mesh.Searches.GetSearchAsync(
                new GetSearchRequest { SearchId = created.Id }, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken);
            if (answer.Search.State == SearchState.Succeeded)
            {
                return answer.Search;
            }

            if (attempt == MostAttempts || (answer.Search.State == SearchState.Failed && attempt > 1))
            {
                throw new CommandFailure(ExitCode.Failed, $"{Describe(spec)}: the search {SearchDocumentMapping.SnakeCase(answer.Search.State)}: {answer.Search.Error}");
            }
        }
    }

    private async Task<SearchMessage> CreateAsync(CreateSearchRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var answer = await mesh.Searches.CreateSearchAsync(request, deadline: DateTime.UtcNow + AnswerTime, cancellationToken: cancellationToken);
                return answer.Search;
            }
            catch (RpcException error) when (error.StatusCode == StatusCode.ResourceExhausted && RpcErrors.Detail<RetryInfo>(error) is { } retry)
            {
                await Task.Delay(retry.RetryDelay.ToTimeSpan(), cancellationToken);
            }
        }
    }

    /// <summary>Waits for the end. Events are not needed: those after the last one are asked for, and the stream ends with the search.</summary>
    private async Task FollowAsync(string searchId, CancellationToken cancellationToken)
    {
        using var call = mesh.Searches.WatchSearch(
            new WatchSearchRequest { SearchId = searchId, AfterEvent = long.MaxValue }, cancellationToken: cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
        }
    }

    private async Task CancelAsync(string searchId)
    {
        try
        {
            await mesh.Searches.CancelSearchAsync(new CancelSearchRequest { SearchId = searchId }, deadline: DateTime.UtcNow + CancelTime);
        }
        catch (RpcException)
        {
            // It has ended, or its services have.
        }
    }

    private async Task<Kept> PoolAsync(SearchMessage search, Candidate[] kept, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        int[] shape = [];
        foreach (var chunk in kept.Chunk(ImagesAtOnce))
        {
            foreach (var image in await Task.WhenAll(chunk.Select(candidate => FetchAsync(search.Id, candidate.Id, cancellationToken))))
            {
                images[image.CandidateId] = TensorMapping.Pixels(image.Pixels);
                shape = Shape(image);
            }
        }

        return new Kept([.. kept.Select(candidate => ToStored(candidate, candidate.Scores, candidate.PixelDigest))], shape, images);
    }

    private async Task<Kept> BestAsync(SearchMessage search, CancellationToken cancellationToken)
    {
        if (search.Best.Count == 0)
        {
            return new Kept([], [], new Dictionary<string, ReadOnlyMemory<byte>>());
        }

        var best = search.Best[0];
        var candidate = search.Candidates.First(candidate => candidate.Id == best.CandidateId);
        var image = await FetchAsync(search.Id, "", cancellationToken);
        return new Kept(
            [ToStored(candidate, best.Scores, best.PixelDigest)],
            Shape(image),
            new Dictionary<string, ReadOnlyMemory<byte>> { [candidate.Id] = TensorMapping.Pixels(image.Pixels) });
    }

    private async Task<GetSearchImageResponse> FetchAsync(string searchId, string candidateId, CancellationToken cancellationToken) =>
        await mesh.Searches.GetSearchImageAsync(
            new GetSearchImageRequest { SearchId = searchId, CandidateId = candidateId, Format = ImageFormat.Pixels },
            deadline: DateTime.UtcNow + AnswerTime,
            cancellationToken: cancellationToken);

    private static bool IsScored(Candidate candidate) => candidate.State is CandidateState.Scored or CandidateState.Unscored;

    private static int[] Shape(GetSearchImageResponse image) => [.. image.Pixels.Shape.Select(size => (int)size)];

    private static StoredCandidate ToStored(Candidate candidate, IEnumerable<VerifierScore> scores, string digest) => new(
        candidate.Id,
        candidate.Round,
        candidate.Nfe,
        candidate.NfePath,
        new SortedDictionary<string, double>(
            scores.Where(score => score.OutcomeCase == VerifierScore.OutcomeOneofCase.Value).ToDictionary(score => score.Verifier, score => score.Value),
            StringComparer.Ordinal),
        digest,
        null);

    private static StoredLedger ToStored(Ledger ledger) => new(
        ledger.NfeSearch,
        ledger.NfeFinal,
        ledger.NfeWasted,
        ledger.NetworkRows,
        ledger.Decodes,
        ledger.VerifierCalls.Values.Sum(),
        ledger.WallSeconds);

    private static string Describe(SearchSpec spec) =>
        $"{spec.Algorithm} on {spec.Model}, {(spec.Condition.HasPrompt ? $"'{spec.Condition.Prompt}'" : $"class {spec.Condition.ClassLabel}")}, seed {spec.Seed}, "
        + $"{spec.BudgetNfe} NFE of {spec.Steps} steps, by {string.Join(", ", spec.Verifiers.Where(verifier => !verifier.HeldOut).Select(verifier => verifier.Name))}";

    private sealed record Kept(
        IReadOnlyList<StoredCandidate> Candidates, IReadOnlyList<int> Shape, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Images);
}
