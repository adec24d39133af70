using System.Globalization;
using System.Security.Cryptography;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>What the search service promises of creating, watching and ending searches.</summary>
public sealed class SearchLifecycleTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _open = new();
    private readonly TaskCompletionSource _reached = new();
    private ScriptedDenoiser _denoiser = null!;
    private OrchestratorMesh _mesh = null!;

    // The denoiser waits before its 7th answer until the test opens the gate.
    public async Task InitializeAsync()
    {
        _denoiser = new ScriptedDenoiser { BeforeAnswer = WaitAtSeventhAsync };
        _mesh = await OrchestratorMesh.StartAsync(_denoiser, new ScriptedVerifier(), "--Limits:WriteSeconds=3600");
    }

    public async Task DisposeAsync()
    {
        _open.TrySetResult();
        await _mesh.DisposeAsync();
    }

    [Fact]
    public async Task WatchSearch_FromTheBeginning_ShowsEveryEventInOrder()
    {
        _open.SetResult();
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());

        var events = await _mesh.WatchAsync(search.Id);

        Assert.Equal(Enumerable.Range(1, 1 + 3 * 6 + 1).Select(number => (long)number), events.Select(happened => happened.EventNumber));
        Assert.Equal([0, 1, 2], events.Where(happened => happened.RoundStarted is not null).Select(happened => happened.RoundStarted.Round));
        var last = events[^1];
        Assert.Equal(SearchState.Succeeded, last.SearchFinished.State);
        Assert.Equal(StopReason.BudgetSpent, last.SearchFinished.StopReason);
        Assert.Equal((12, 12, 60, 60), (last.Progress.CandidatesDone, last.Progress.CandidatesPlanned, last.Progress.NfeSpent, last.Progress.NfeBudget));
        Assert.Equal(last.SearchFinished.Best[0].SearchScore, last.Progress.BestScore);
        Assert.Equal(TimeSpan.Zero, last.Progress.TimeLeft.ToTimeSpan());
        var best = events.Where(happened => happened.Progress.HasBestScore).Select(happened => happened.Progress.BestScore).ToList();
        Assert.Equal(best.Order(), best);
        Assert.Equal(last.SearchFinished, (await _mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search);
    }

    [Fact]
    public async Task WatchSearch_FromAfterAnEvent_GoesOnThere()
    {
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _reached.Task;
        var resumed = _mesh.WatchAsync(search.Id, after: 3);
        _open.SetResult();

        var (all, rest) = (await _mesh.WatchAsync(search.Id), await resumed);

        Assert.Equal(all.Skip(3), rest);
        Assert.Equal(all.TakeLast(1), await _mesh.WatchAsync(search.Id, after: all.Count - 1));
        Assert.Empty(await _mesh.WatchAsync(search.Id, after: all.Count));
    }

    [Fact]
    public async Task WatchSearch_ReaderThatNeverReads_DoesNotHoldTheSearchUp()
    {
        _open.SetResult();
        var spec = OrchestratorMesh.Spec();
        spec.BudgetNfe = 3000 * ScriptedDenoiser.Steps;
        spec.Parameters["round_size"] = "100";
        var search = await _mesh.CreateAsync(spec);
        using var idle = _mesh.Client.WatchSearch(new WatchSearchRequest { SearchId = search.Id });

        var events = await _mesh.WatchAsync(search.Id);

        Assert.Equal(3000, events[^1].SearchFinished.Candidates.Count);
        Assert.True(await idle.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(1, idle.ResponseStream.Current.EventNumber);
    }

    [Fact]
    public async Task CreateSearch_WithAPriority_SharesTheDenoiserAsOneOfThatPriority()
    {
        _open.SetResult();
        var spec = OrchestratorMesh.Spec();
        spec.Priority = Priority.High;

        var search = await _mesh.CreateAsync(spec);
        await _mesh.WatchAsync(search.Id);

        Assert.Equal(Priority.High, search.Spec.Priority);
        Assert.NotEmpty(_denoiser.Requests);
        Assert.All(_denoiser.Requests, call => Assert.Equal((search.Id, Priority.High), (call.FairnessKey, call.Priority)));
    }

    [Fact]
    public async Task CreateSearch_SameRequestIdAndSpecification_ReturnsTheSearchThatRuns()
    {
        _open.SetResult();

        var searches = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _mesh.CreateAsync(OrchestratorMesh.Spec(), "once")));

        Assert.Single(searches.Select(search => search.Id).Distinct());
        Assert.Equal("once", searches[0].RequestId);
        Assert.Single((await _mesh.Client.ListSearchesAsync(new ListSearchesRequest())).Searches);
    }

    [Fact]
    public async Task CreateSearch_SameRequestIdAndAnotherSpecification_IsRefused()
    {
        _open.SetResult();
        await _mesh.CreateAsync(OrchestratorMesh.Spec(), "once");
        var other = OrchestratorMesh.Spec();
        other.Seed = 1;

        var error = await Assert.ThrowsAsync<RpcException>(() => _mesh.CreateAsync(other, "once"));

        Assert.Equal(StatusCode.AlreadyExists, error.StatusCode);
    }

    [Fact]
    public async Task CreateSearch_Specification_IsFilledInAndPinned()
    {
        _open.SetResult();

        var spec = (await _mesh.CreateAsync(OrchestratorMesh.Spec())).Spec;

        Assert.Equal(("noise", ScriptedDenoiser.Digest, "memory"), (spec.Model, spec.ModelDigest, spec.ComputeClass));
        Assert.Equal(("random", "euler", 5, 2.0, 1), (spec.Algorithm, spec.Sampler, spec.Steps, spec.Guidance, spec.KBest));
        Assert.Equal([("candidates", "0"), ("round_size", "4")], spec.Parameters.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value)));
        var verifier = Assert.Single(spec.Verifiers);
        Assert.Equal((1.0, ScriptedVerifier.Digest, "1", "memory"), (verifier.Weight, verifier.WeightsDigest, verifier.Version, verifier.ComputeClass));

        // What was filled in can be sent again: it pins the same search.
        Assert.Equal(spec, (await _mesh.CreateAsync(spec)).Spec);
    }

    [Fact]
    public async Task CancelSearch_InTheMiddle_KeepsWhatIsPaid()
    {
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _mesh.WaitForCandidatesAsync(search.Id, 6);

        var cancelled = (await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = search.Id })).Search;

        Assert.Equal((SearchState.Cancelled, StopReason.Cancelled), (cancelled.State, cancelled.StopReason));
        Assert.Equal(6, cancelled.Candidates.Count(candidate => candidate.State == CandidateState.Scored));
        Assert.Equal(2, cancelled.Candidates.Count(candidate => candidate.State == CandidateState.Proposed));
        Assert.Equal((30, 10), (cancelled.Ledger.NfeSearch, cancelled.Ledger.NfeWasted));
        Assert.Equal(30, cancelled.Candidates.Sum(candidate => candidate.Nfe));
        Assert.Single(cancelled.Best);
        Assert.Equal(cancelled, (await _mesh.WatchAsync(search.Id))[^1].SearchFinished);
        Assert.Equal(cancelled, (await _mesh.Client.CancelSearchAsync(new CancelSearchRequest { SearchId = search.Id })).Search);
    }

    [Fact]
    public async Task GetSearch_WhileItRuns_AgreesWithItself()
    {
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _mesh.WaitForCandidatesAsync(search.Id, 6);

        var running = (await _mesh.Client.GetSearchAsync(new GetSearchRequest { SearchId = search.Id })).Search;

        Assert.Equal((SearchState.Running, StopReason.Unspecified), (running.State, running.StopReason));
        Assert.Null(running.EndTime);
        Assert.Equal(8, running.Candidates.Count);
        Assert.Equal(running.Ledger.NfeSearch, running.Candidates.Sum(candidate => candidate.Nfe));
        Assert.Single(running.Best);
    }

    [Fact]
    public async Task GetSearchImage_OfACandidate_HasThePixelsOfItsDigest()
    {
        var search = await _mesh.CreateAsync(OrchestratorMesh.Spec());
        await _mesh.WaitForCandidatesAsync(search.Id, 6);
        var early = await Assert.ThrowsAsync<RpcException>(() => ImageAsync(search.Id, "7"));
        var unknown = await Assert.ThrowsAsync<RpcException>(() => ImageAsync(search.Id, "12"));
        _open.SetResult();
        var end = (await _mesh.WatchAsync(search.Id))[^1].SearchFinished;

        var image = await ImageAsync(search.Id, "7");
        var best = await ImageAsync(search.Id, "");
        var png = await _mesh.Client.GetSearchImageAsync(new GetSearchImageRequest { SearchId = search.Id });

        Assert.Equal((StatusCode.FailedPrecondition, StatusCode.NotFound), (early.StatusCode, unknown.StatusCode));
        Assert.Equal(end.Candidates[7].PixelDigest, image.PixelDigest);
        Assert.Equal(image.PixelDigest, "sha256:" + Convert.ToHexStringLower(SHA256.HashData(image.Pixels.Data.Span)));
        Assert.Equal([4L, 4L, 1L], image.Pixels.Shape);
        Assert.Equal((end.Best[0].CandidateId, end.Best[0].PixelDigest), (best.CandidateId, best.PixelDigest));
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png.Png.Span[..4].ToArray());
    }

    [Fact]
    public async Task FinalRun_Winner_IsFetchedInsteadOfTheCandidate()
    {
        _open.SetResult();
        var spec = OrchestratorMesh.Spec();
        spec.FinalSteps = 20;

        var search = await _mesh.RunAsync(spec);

        var best = search.Best[0];
        Assert.Equal((60, 20), (search.Ledger.NfeSearch, search.Ledger.NfeFinal));
        Assert.NotEqual(search.Candidates[int.Parse(best.CandidateId, CultureInfo.InvariantCulture)].PixelDigest, best.PixelDigest);
        Assert.Equal(best.PixelDigest, (await ImageAsync(search.Id, "")).PixelDigest);
        Assert.Equal(search.Candidates[int.Parse(best.CandidateId, CultureInfo.InvariantCulture)].PixelDigest, (await ImageAsync(search.Id, best.CandidateId)).PixelDigest);
    }

    [Fact]
    public async Task Target_Reached_EndsTheSearch()
    {
        _open.SetResult();
        var spec = OrchestratorMesh.Spec();
        spec.TargetScore = 0;

        var search = await _mesh.RunAsync(spec);

        Assert.Equal((SearchState.Succeeded, StopReason.TargetReached, 4), (search.State, search.StopReason, search.Candidates.Count));
    }

    private async Task<GetSearchImageResponse> ImageAsync(string search, string candidate) => await _mesh.Client.GetSearchImageAsync(
        new GetSearchImageRequest { SearchId = search, CandidateId = candidate, Format = ImageFormat.Pixels });

    private async Task WaitAtSeventhAsync(int answered, ServerCallContext context)
    {
        if (answered == 6)
        {
            _reached.TrySetResult();
            await _open.Task.WaitAsync(context.CancellationToken);
        }
    }
}
