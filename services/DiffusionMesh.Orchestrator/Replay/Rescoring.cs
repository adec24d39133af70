using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Searches;
using DiffusionMesh.Orchestrator.Storage;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;
using DiffusionMesh.Search.Running;
using Grpc.Core;
using Candidate = DiffusionMesh.Search.Candidate;
using CandidateMessage = DiffusionMesh.Contracts.SearchV1.Candidate;
using CandidateState = DiffusionMesh.Search.CandidateState;

namespace DiffusionMesh.Orchestrator.Replay;

/// <summary>Scores the images that a search has kept with other verifiers. Nothing is sampled.</summary>
internal sealed class Rescoring(ISearchStorage storage, SearchViews views, RescoringVerifiers verifiers, TimeProvider time)
{
    // Images that are held at once.
    private const int AtOnce = 64;

    /// <returns>Each finished candidate's scores, in the order of proposal; then the best by them.</returns>
    /// <exception cref="RpcException">
    /// FAILED_PRECONDITION: the search has not ended, or an image that a verifier needs is not kept. Else as for the
    /// verifiers of a search that is created.
    /// </exception>
    public async IAsyncEnumerable<RescoreSearchResponse> RunAsync(
        StoredSearch search,
        IReadOnlyList<VerifierSelection> selections,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var fold = await views.OfAsync(search, cancellationToken);
        var end = fold.ToMessage(candidates: true);
        if (end.State is SearchState.Queued or SearchState.Running)
        {
            throw RpcErrors.FailedPrecondition("SEARCH_NOT_ENDED", $"search {end.Id} has not ended: watch it to its end, or cancel it, then score it anew");
        }

        using var chosen = await verifiers.ChooseAsync(search.Header, selections, cancellationToken);
        var rule = SelectionRule.Of(chosen.Spec, chosen.Ports);
        var rescored = new List<Candidate>();
        var digests = new Dictionary<int, string>();
        foreach (var group in Finished(end).Chunk(AtOnce))
        {
            var samples = new List<SampledSegment>();
            foreach (var candidate in group)
            {
                samples.Add(await SampleAsync(fold, candidate, chosen, cancellationToken));
            }

            foreach (var (candidate, scores) in group.Zip(await ImageScoring.RunAsync(samples, chosen.Ports, chosen.Spec.Condition, cancellationToken)))
            {
                var number = SearchResultMapping.CandidateNumber(candidate.Id) ?? 0;
                digests[number] = candidate.PixelDigest;
                rescored.Add(new Candidate
                {
                    Number = number,
                    Round = candidate.Round,
                    Start = new DiffusionMesh.Search.SegmentStart.Continuation(number),
                    Steps = candidate.Steps,
                    Scores = scores,
                    State = rule.Accepts(scores) ? CandidateState.Scored : CandidateState.Unscored,
                });
                yield return new RescoreSearchResponse
                {
                    Candidate = new RescoredCandidate
                    {
                        CandidateId = candidate.Id,
                        PixelDigest = candidate.PixelDigest,
                        Scores = { scores.Select(SearchResultMapping.ToMessage) },
                    },
                };
            }
        }

        yield return new RescoreSearchResponse
        {
            Summary = new RescoreSummary
            {
                Best =
                {
                    rule.Rank(rescored).Take(chosen.Spec.KBest).Select(standing => new Best
                    {
                        CandidateId = SearchResultMapping.CandidateId(standing.Candidate.Number),
                        SearchScore = standing.SearchScore,
                        PixelDigest = digests[standing.Candidate.Number],
                        Scores = { standing.Candidate.Scores.Select(SearchResultMapping.ToMessage) },
                    }),
                },
                Ledger = new Ledger
                {
                    VerifierCalls = { chosen.Ports.ToDictionary(port => port.Name, _ => (long)rescored.Count) },
                    WallSeconds = time.GetElapsedTime(start).TotalSeconds,
                },
                Verifiers = { SearchSpecMapping.ToMessage(chosen.Spec).Verifiers },
            },
        };
    }

    private static IEnumerable<CandidateMessage> Finished(DiffusionMesh.Contracts.SearchV1.Search search) =>
        search.Candidates.Where(candidate => candidate is { ToNoiseLevel: 0, PixelDigest.Length: > 0 });

    private async Task<SampledSegment> SampleAsync(
        SearchFold fold, CandidateMessage candidate, RescoringVerifiers.Chosen chosen, CancellationToken cancellationToken)
    {
        var id = fold.Header.Id;
        var segment = fold.SegmentOf(candidate.PixelDigest) ?? throw NotKept(id, candidate, "its image");
        var image = await storage.FindImageAsync(id, segment.Image, cancellationToken) ?? throw NotKept(id, candidate, "its image");
        var predictions = ImmutableArray.CreateBuilder<XPrediction>();
        foreach (var level in chosen.Ports.SelectMany(port => port.XPredictionLevels).Distinct())
        {
            var stored = segment.XPredictions.FirstOrDefault(made => made.RequestedLevel == level);
            var prediction = stored is null ? null : await storage.FindImageAsync(id, stored.Image, cancellationToken);
            predictions.Add(prediction is null
                ? throw NotKept(id, candidate, FormattableString.Invariant($"its prediction at noise level {level}, which a verifier wants,"))
                : new XPrediction(level, stored!.Level, prediction));
        }

        return new SampledSegment(image, segment.Nfe, segment.NetworkRows, segment.Decodes)
        {
            XPredictions = predictions.ToImmutable(),
            Candidate = SearchResultMapping.CandidateNumber(candidate.Id),
        };
    }

    private static RpcException NotKept(string search, CandidateMessage candidate, string what) => RpcErrors.FailedPrecondition(
        "IMAGES_NOT_KEPT", $"search {search}, candidate {candidate.Id}: {what} is not kept, or was altered; replay the search and score the replay");
}
