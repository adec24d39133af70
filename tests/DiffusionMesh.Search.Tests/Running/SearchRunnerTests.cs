using System.Collections.Immutable;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Running;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Running;

public sealed class SearchRunnerTests
{
    [Fact]
    public async Task TimeLimit_AtARoundBoundary_StopsThereAndIsReplayedFromTheJournal()
    {
        using var search = new TestSearch { Stop = new ScriptedStop { StopBefore = 2 } };
        var result = await search.RunAsync();
        using var replay = new TestSearch { Journal = search.Journal };

        Assert.Equal(StopReason.TimeLimit, result.StopReason);
        Assert.Equal([4, 4], search.Observer.Admitted);
        Assert.Equal(ResultText.Of(result), ResultText.Of(await replay.RunAsync()));
        Assert.Empty(replay.Stop.Asked);
    }

    [Fact]
    public async Task Target_Reached_StopsAfterThatRound()
    {
        using var whole = new TestSearch();
        await whole.RunAsync();
        var afterRound = whole.Observer.BestAfterRound.ConvertAll(best => best!.SearchScore);
        var target = afterRound[^1];

        using var search = new TestSearch { Target = target };
        var result = await search.RunAsync();

        Assert.Equal(StopReason.TargetReached, result.StopReason);
        Assert.Equal(afterRound.IndexOf(target) + 1, search.Observer.Admitted.Count);
        Assert.Equal(target, result.Best[0].SearchScore);
    }

    [Fact]
    public async Task FinalRun_Winner_IsSampledOnceMoreFromItsNoise()
    {
        using var search = new TestSearch { FinalSteps = 40 };

        var result = await search.RunAsync();

        var winner = result.Candidates[result.Best[0].Candidate];
        Assert.Equal(NoiseSampler.Sample(Segment.Whole(((SegmentStart.Noise)winner.Start).Expression, 40)).Image.Digest, result.Best[0].Image.Digest);
        Assert.NotEqual(winner.Image!.Digest, result.Best[0].Image.Digest);
        Assert.Equal(((ScoreOutcome.Value)winner.Scores[0].Outcome).Score, result.Best[0].SearchScore);
        Assert.NotEqual(winner.Scores[0].Outcome, result.Best[0].Scores[0].Outcome);
        Assert.Equal((200, 40, 21), (result.Ledger.NfeSearch, result.Ledger.NfeFinal, result.Ledger.VerifierCalls["brightness"]));
        Assert.Equal(result.Best[1].Image.Digest, result.Candidates[result.Best[1].Candidate].Image!.Digest);
    }

    [Fact]
    public async Task FinalRun_WithTheStepsOfTheSearch_CostsNothing()
    {
        using var search = new TestSearch { FinalSteps = TestSearch.Steps };

        var result = await search.RunAsync();

        Assert.Equal((0, 20), (result.Ledger.NfeFinal, search.Sampler.Sampled.Count));
    }

    [Fact]
    public async Task FinalRun_Cancelled_KeepsTheWinnerAndReplaysForNothing()
    {
        using var stop = new ScriptedStop();
        using var search = new TestSearch
        {
            FinalSteps = 40,
            Stop = stop,
            Sampler = new NoiseSampler
            {
                BeforeAnswer = answered =>
                {
                    if (answered == 20)
                    {
                        stop.Cancel();
                    }
                },
            },
        };
        var result = await search.RunAsync();
        using var replay = new TestSearch { FinalSteps = 40, Journal = search.Journal };

        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.Equal(0, result.Ledger.NfeFinal);
        Assert.Equal(result.Candidates[result.Best[0].Candidate].Image!.Digest, result.Best[0].Image.Digest);
        Assert.Equal(ResultText.Of(result), ResultText.Of(await replay.RunAsync()));
        Assert.Empty(replay.Sampler.Sampled);
    }

    [Fact]
    public async Task Sampler_ThatBreaksOff_FailsTheSearchAndKeepsWhatIsPaid()
    {
        using var search = new TestSearch
        {
            Sampler = new NoiseSampler
            {
                BeforeAnswer = answered =>
                {
                    if (answered == 6)
                    {
                        throw new CallFailedException("the denoiser is gone");
                    }
                },
            },
        };

        var result = await search.RunAsync();

        Assert.Equal((StopReason.Error, "the denoiser is gone"), (result.StopReason, result.Error));
        Assert.Equal(6, result.Candidates.Count(candidate => candidate.State == CandidateState.Scored));
        Assert.Equal(2, result.Candidates.Count(candidate => candidate.State == CandidateState.Proposed));
        Assert.Equal(6 * TestSearch.Steps, result.Ledger.NfeSearch);
    }

    [Fact]
    public async Task Sampler_ThatReportsAnotherCost_FailsTheSearchAndIsBookedAsReported()
    {
        using var search = new TestSearch { Sampler = new NoiseSampler { Overcharge = 1 } };

        var result = await search.RunAsync();

        Assert.Equal("the denoiser reports 11 NFE for a segment that costs 10", result.Error);
        Assert.Equal(44, result.Ledger.NfeSearch);
        Assert.Equal(44, result.Candidates.Sum(candidate => candidate.Nfe));
    }

    [Fact]
    public async Task Waste_AboveItsCap_FailsTheSearch()
    {
        using var search = new TestSearch { Sampler = new NoiseSampler { Waste = 7 }, MaxWastedNfe = 20 };

        var result = await search.RunAsync();

        Assert.Equal("21 NFE were lost with failed calls, more than the 20 allowed", result.Error);
        Assert.Equal(21, result.Ledger.NfeWasted);
        Assert.InRange(search.Sampler.Sampled.Count, 8, 12);
        Assert.Equal(search.Sampler.Sampled.Count * TestSearch.Steps, result.Ledger.NfeSearch);
    }

    [Fact]
    public async Task Abort_WhileScoring_LeavesWhatIsSampledUnscored()
    {
        using var abort = new CancellationTokenSource();
        using var search = new TestSearch
        {
            Verifiers =
            [
                new PixelVerifier
                {
                    Answer = _ =>
                    {
                        abort.Cancel();
                        abort.Token.ThrowIfCancellationRequested();
                        return [];
                    },
                },
            ],
        };

        var result = await search.RunAsync(abort.Token);

        Assert.Equal(StopReason.Cancelled, result.StopReason);
        Assert.All(result.Candidates, candidate => Assert.Equal(CandidateState.Sampled, candidate.State));
        Assert.Equal(4 * TestSearch.Steps, result.Ledger.NfeSearch);
    }

    [Fact]
    public async Task Sampler_ThatBreaksWhileImagesAreScored_LeavesNothingUnderWay()
    {
        using var scoring = new ManualResetEventSlim();
        var underWay = 0;
        using var search = new TestSearch
        {
            Sampler = new NoiseSampler
            {
                BeforeAnswer = answered =>
                {
                    if (answered == 1)
                    {
                        Assert.True(scoring.Wait(TimeSpan.FromMinutes(1)));
                        throw new InvalidDataException("broken");
                    }
                },
            },
            Verifiers =
            [
                new PixelVerifier
                {
                    BeforeScore = async cancellationToken =>
                    {
                        underWay++;
                        scoring.Set();
                        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                        underWay--;
                    },
                },
            ],
        };

        await Assert.ThrowsAsync<InvalidDataException>(() => search.RunAsync());

        Assert.Equal(0, underWay);
    }

    [Fact]
    public async Task Candidates_OfOneNoise_ShareOneCall()
    {
        using var search = new TestSearch();
        var environment = new SearchEnvironment(
            search.Sampler, [search.Verifiers[0]], search.Journal, search.Observer, search.Stop, MaxWastedNfe: 0);

        var result = await SearchRunner.RunAsync(search.Spec, new SameNoise(), environment, CancellationToken.None);

        Assert.Single(search.Sampler.Sampled);
        Assert.Single(search.Verifiers[0].Scored);
        Assert.Equal([TestSearch.Steps, 0, 0, 0], result.Candidates.Select(candidate => candidate.Nfe));
        Assert.Equal([TestSearch.Steps, TestSearch.Steps, TestSearch.Steps, 0], result.Candidates.Select(candidate => candidate.NfePath));
        Assert.All(result.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Equal((TestSearch.Steps, 1), (result.Ledger.NfeSearch, result.Ledger.VerifierCalls["brightness"]));
    }

    private sealed class SameNoise : ISearchAlgorithm
    {
        public string Name => "same-noise";

        public string Description => "Tries one noise again and again.";

        public bool ScoresDrafts(ImmutableSortedDictionary<string, string> parameters) => false;

        public System.Collections.Immutable.ImmutableArray<AlgorithmParameter> Parameters => [];

        public long PlannedCandidates(SearchSpec spec, long nfePerCandidate) => 4;

        public async Task RunAsync(SearchSession session)
        {
            var noise = new NoiseExpression.Draw(NoiseAddress.Of(1));
            await session.RunRoundAsync([Proposal.Whole(session.Spec, noise), Proposal.Whole(session.Spec, noise, 0)]);
            await session.RunRoundAsync([Proposal.Whole(session.Spec, noise, 1), Proposal.Whole(session.Spec, noise)]);
        }
    }
}
