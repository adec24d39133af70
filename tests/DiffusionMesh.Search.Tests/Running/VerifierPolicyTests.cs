using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Running;

/// <summary>What a search does when verifiers fail, are replaced or are held out.</summary>
public sealed class VerifierPolicyTests
{
    [Fact]
    public async Task Degrade_MissingScores_AreJudgedByTheOthersAndToldOnce()
    {
        using var search = new TestSearch { Verifiers = [new PixelVerifier(), Broken(FailurePolicy.Degrade)] };

        var result = await search.RunAsync();

        Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        Assert.All(result.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
        Assert.Equal("'broken' did not score 20 of 20 candidates, which the other verifiers judged (no).", Assert.Single(result.Degradations));
        Assert.Equal(1, result.Best[0].SearchScore);
        Assert.Equal(result.Candidates.Max(Brightness), Brightness(result.Candidates[result.Best[0].Candidate]));
    }

    [Fact]
    public async Task Fail_MissingScore_EndsTheSearchAfterTheRound()
    {
        using var search = new TestSearch
        {
            Verifiers = [new PixelVerifier(), Broken(FailurePolicy.Fail, from: 0.55)],
        };

        var result = await search.RunAsync();

        Assert.Equal(StopReason.Error, result.StopReason);
        Assert.Matches(@"^candidate \d+ was not scored \(broken: no\)$", result.Error);
        Assert.Equal(0, result.Candidates.Length % 4);
        Assert.NotEmpty(result.Best);
    }

    [Fact]
    public async Task HeldOut_ThatMustNotFailAndDoes_EndsTheSearch()
    {
        using var search = new TestSearch
        {
            Verifiers = [new PixelVerifier(), Judge(_ => new ScoreOutcome.Missing("no"), FailurePolicy.Fail)],
        };

        var result = await search.RunAsync();

        Assert.Equal("candidate 0 was not scored (judge: no)", result.Error);
        Assert.Equal(3, result.Best.Length);
    }

    [Fact]
    public async Task FinalRun_VerifierThatFailsOnIt_IsToldOrFails()
    {
        foreach (var policy in new[] { FailurePolicy.Degrade, FailurePolicy.Fail })
        {
            var asked = 0;
            using var search = new TestSearch
            {
                FinalSteps = 40,
                Verifiers =
                [
                    new PixelVerifier(),
                    new PixelVerifier
                    {
                        Name = "broken",
                        MaxBatchSize = 1,
                        Score = _ => ++asked > 20 ? new ScoreOutcome.Missing("no") : new ScoreOutcome.Value(0.5),
                        Chosen = choice => choice with { OnFailure = policy },
                    },
                ],
            };

            var result = await search.RunAsync();

            Assert.Equal("'broken' did not score the image of the final run (no).", Assert.Single(result.Degradations));
            Assert.Equal(policy == FailurePolicy.Fail ? "final run: broken: no" : null, result.Error);
            Assert.Equal(40, result.Ledger.NfeFinal);
        }
    }

    [Fact]
    public async Task HeldOut_WhateverItSays_ChangesNoCandidateAndNoChoice()
    {
        using var alone = new TestSearch { FinalSteps = 40 };
        using var judged = new TestSearch
        {
            FinalSteps = 40,
            Verifiers = [new PixelVerifier(), Judge(image => new ScoreOutcome.Value(1 - PixelVerifier.Brightness(image)))],
        };

        var (expected, actual) = (await alone.RunAsync(), await judged.RunAsync());

        Assert.Equal(
            expected.Best.Select(best => (best.Candidate, best.SearchScore, best.Image.Digest)),
            actual.Best.Select(best => (best.Candidate, best.SearchScore, best.Image.Digest)));
        Assert.Equal(expected.StopReason, actual.StopReason);
        Assert.Equal(21, actual.Ledger.VerifierCalls["judge"]);
        Assert.Equal(actual.Hacking, judged.Observer.HackingAfterRound);
        Assert.All(alone.Observer.HackingAfterRound, Assert.Null);
    }

    [Fact]
    public async Task StopOnHacking_Found_StopsThereAndIsReplayedFromTheJournal()
    {
        using var search = Hacked(new());
        var result = await search.RunAsync();
        using var replay = Hacked(search.Journal);

        Assert.Equal(StopReason.Hacking, result.StopReason);
        Assert.InRange(result.Candidates.Length, 5, 399);
        Assert.Equal(ResultText.Of(result), ResultText.Of(await replay.RunAsync()));
        Assert.Empty(replay.Stop.Asked);
    }

    [Fact]
    public async Task Replacement_Recorded_IsToldAndReplayedForNothing()
    {
        using var search = Replaced(new());
        var result = await search.RunAsync();
        using var replay = Replaced(search.Journal);

        Assert.Equal("'brightness' was replaced: the search began with version 1 (sha256:1) and went on with version 2 (sha256:2).", Assert.Single(result.Degradations));
        Assert.Equal(ResultText.Of(result), ResultText.Of(await replay.RunAsync()));
        Assert.Empty(replay.Verifiers[0].Scored);
        Assert.Contains(result.Candidates, candidate => Brightness(candidate) > 1);
    }

    [Fact]
    public async Task Replacement_Recorded_HasItsScoresUnderItsOwnDigest()
    {
        using var search = Replaced(new());
        await search.RunAsync();
        var choice = search.Spec.Verifiers[0];
        var keys = search.Sampler.Sampled.Select(segment => ContentKeys.Of(search.Spec, segment)).ToArray();

        var (old, later) = (0, 0);
        foreach (var key in keys)
        {
            old += await Find(choice, key) is null ? 0 : 1;
            later += await Find(choice with { WeightsDigest = "sha256:2", ComputeClass = "other" }, key) is null ? 0 : 1;
        }

        Assert.Equal((8, keys.Length - 8), (old, later));

        ValueTask<ScoreOutcome?> Find(VerifierChoice by, ContentKey key) =>
            search.Journal.FindScoreAsync(ContentKeys.Of(search.Spec, by, key));
    }

    private static double Brightness(Candidate candidate) => ((ScoreOutcome.Value)candidate.Scores[0].Outcome).Score;

    private static PixelVerifier Broken(FailurePolicy policy, double from = 0) => new()
    {
        Name = "broken",
        Score = image => PixelVerifier.Brightness(image) >= from ? new ScoreOutcome.Missing("no") : new ScoreOutcome.Value(0.5),
        Chosen = choice => choice with { OnFailure = policy },
    };

    private static PixelVerifier Judge(Func<SampleImage, ScoreOutcome> score, FailurePolicy policy = FailurePolicy.Exclude) => new()
    {
        Name = "judge",
        Score = score,
        Chosen = choice => choice with { HeldOut = true, OnFailure = policy },
    };

    private static TestSearch Hacked(InMemoryJournal journal) => new()
    {
        Budget = 400 * TestSearch.Steps,
        RoundSize = 8,
        StopOnHacking = true,
        Journal = journal,
        Verifiers = [new PixelVerifier(), Judge(image => new ScoreOutcome.Value(1 - PixelVerifier.Brightness(image)))],
    };

    // From the ninth image on another version scores, in 2 to 3.
    private static TestSearch Replaced(InMemoryJournal journal)
    {
        var asked = 0;
        return new TestSearch
        {
            Journal = journal,
            Verifiers =
            [
                new PixelVerifier
                {
                    MaxBatchSize = 1,
                    Score = image => new ScoreOutcome.Value(PixelVerifier.Brightness(image) + (++asked > 8 ? 2 : 0)),
                    Replacement = scored => scored > 8 ? new VerifierReplacement("brightness", "sha256:2", "2", "other", 2, 3) : null,
                },
            ],
        };
    }
}
