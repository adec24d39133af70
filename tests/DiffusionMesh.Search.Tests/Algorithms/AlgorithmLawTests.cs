using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

/// <summary>What holds for every algorithm.</summary>
public sealed class AlgorithmLawTests
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Budget_AnyFromZeroUp_IsNeverExceeded(string algorithm)
    {
        for (var budget = 0; budget <= 12 * TestSearch.Steps; budget++)
        {
            using var search = new TestSearch { Algorithm = algorithm, Budget = budget };

            var result = await search.RunAsync();

            var spent = search.Sampler.Sampled.Sum(segment => (long)segment.Steps);
            Assert.Equal(spent, result.Ledger.NfeSearch);
            Assert.InRange(spent, Math.Max(0, budget - TestSearch.Steps + 1), budget);
            Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Result_WhateverTheOrderOfAnswers_IsTheSameBits(string algorithm)
    {
        using var plain = new TestSearch { Algorithm = algorithm, FinalSteps = 9 };
        var expected = ResultText.Of(await plain.RunAsync());

        for (var seed = 0; seed < 20; seed++)
        {
            using var shuffled = new TestSearch
            {
                Algorithm = algorithm,
                FinalSteps = 9,
                Sampler = new NoiseSampler { Shuffle = seed },
                Verifiers = [new PixelVerifier { MaxBatchSize = 1 + (seed % 5), Parallelism = 1 + (seed % 3) }],
            };

            Assert.Equal(expected, ResultText.Of(await shuffled.RunAsync()));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Call_OfOneSearch_IsNeverPaidTwice(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, FinalSteps = 9 };

        var result = await search.RunAsync();

        Assert.Equal(search.Sampler.Sampled.Count, search.Sampler.Sampled.Distinct().Count());
        Assert.Equal(search.Sampler.Sampled.Count, search.Verifiers[0].Scored.Count);
        Assert.Equal(search.Verifiers[0].Scored.Count, result.Ledger.VerifierCalls["brightness"]);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Replay_OverTheJournal_PaysNothingAndGivesTheSameBits(string algorithm)
    {
        using var first = new TestSearch { Algorithm = algorithm, FinalSteps = 9 };
        var expected = ResultText.Of(await first.RunAsync());

        using var replay = new TestSearch { Algorithm = algorithm, FinalSteps = 9, Journal = first.Journal };
        var actual = ResultText.Of(await replay.RunAsync());

        Assert.Equal(expected, actual);
        Assert.Empty(replay.Sampler.Sampled);
        Assert.Empty(replay.Verifiers[0].Scored);
        Assert.Empty(replay.Stop.Asked);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Cancellation_AnywhereInTheSearch_KeepsWhatIsPaid(string algorithm)
    {
        for (var paid = 0; paid <= 20; paid++)
        {
            using var stop = new ScriptedStop();
            var cancelAt = paid;
            using var search = new TestSearch
            {
                Algorithm = algorithm,
                Stop = stop,
                Sampler = new NoiseSampler { BeforeAnswer = answered => CancelAt(stop, answered, cancelAt) },
            };

            var result = await search.RunAsync();

            Assert.Equal(paid < 20 ? StopReason.Cancelled : StopReason.BudgetSpent, result.StopReason);
            Assert.Equal(paid, search.Sampler.Sampled.Count);
            Assert.Equal(paid, result.Candidates.Count(candidate => candidate.State == CandidateState.Scored));
            Assert.Equal(paid * TestSearch.Steps, result.Ledger.NfeSearch);
            Assert.Equal(Math.Min(paid, 3), result.Best.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Replay_OfACancelledSearch_PaysNothingAndGivesTheSameBits(string algorithm)
    {
        using var stop = new ScriptedStop();
        using var cancelled = new TestSearch
        {
            Algorithm = algorithm,
            Stop = stop,
            Sampler = new NoiseSampler { Shuffle = 1, BeforeAnswer = answered => CancelAt(stop, answered, 6) },
        };
        var expected = ResultText.Of(await cancelled.RunAsync());

        using var replay = new TestSearch { Algorithm = algorithm, Journal = cancelled.Journal };

        Assert.Equal(expected, ResultText.Of(await replay.RunAsync()));
        Assert.Empty(replay.Sampler.Sampled);
        Assert.Empty(replay.Verifiers[0].Scored);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Resume_OfACancelledSearch_PaysOnlyTheRest(string algorithm)
    {
        using var whole = new TestSearch { Algorithm = algorithm };
        var expected = ResultText.Of(await whole.RunAsync());

        for (var paid = 0; paid < 20; paid++)
        {
            using var stop = new ScriptedStop();
            var cancelAt = paid;
            using var cancelled = new TestSearch
            {
                Algorithm = algorithm,
                Stop = stop,
                Sampler = new NoiseSampler { Shuffle = paid, BeforeAnswer = answered => CancelAt(stop, answered, cancelAt) },
            };
            await cancelled.RunAsync();
            cancelled.Journal.Reopen();

            using var resumed = new TestSearch { Algorithm = algorithm, Journal = cancelled.Journal };

            Assert.Equal(expected, ResultText.Of(await resumed.RunAsync()));
            Assert.Equal(20, cancelled.Sampler.Sampled.Count + resumed.Sampler.Sampled.Count);
            Assert.Equal(20, cancelled.Verifiers[0].Scored.Count + resumed.Verifiers[0].Scored.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Candidate_FromItsNoiseAlone_IsRegenerated(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, Sampler = new NoiseSampler { Shuffle = 3 } };

        var result = await search.RunAsync();

        Assert.All(result.Candidates, candidate =>
            Assert.Equal(NoiseSampler.Image(new Segment(candidate.Noise, TestSearch.Steps)).Digest, candidate.Image!.Digest));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Best_FromRoundToRound_NeverFalls(string algorithm)
    {
        foreach (var higherIsBetter in new[] { true, false })
        {
            using var search = new TestSearch
            {
                Algorithm = algorithm,
                Verifiers = [new PixelVerifier { HigherIsBetter = higherIsBetter }],
            };

            await search.RunAsync();

            var scores = search.Observer.BestAfterRound.ConvertAll(best => best!.SearchScore);
            Assert.Equal(higherIsBetter ? scores.Order() : scores.OrderDescending(), scores);
            Assert.NotEqual(scores[0], scores[^1]);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Candidates_TheirNfe_SumToTheLedger(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, FinalSteps = 9, Sampler = new NoiseSampler { Waste = 4 } };

        var result = await search.RunAsync();

        var ledger = result.Ledger;
        Assert.Equal(ledger.NfeSearch, result.Candidates.Sum(candidate => candidate.Nfe));
        Assert.Equal(ledger.NfeSearch, search.Observer.Finished.Sum(candidate => candidate.Nfe));
        Assert.Equal(9, ledger.NfeFinal);
        Assert.Equal(4 * (search.Observer.Admitted.Count + 1), ledger.NfeWasted);
        Assert.Equal(ledger.NfeSearch + ledger.NfeFinal + ledger.NfeWasted, ledger.NfeTotal);
        Assert.Equal(2 * (ledger.NfeSearch + ledger.NfeFinal), ledger.NetworkRows);
        Assert.Equal(result.Candidates.Length + 1, ledger.Decodes);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Plan_OfCandidates_IsWhatTheSearchTries(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm };

        var result = await search.RunAsync();

        Assert.Equal(SearchAlgorithms.All[algorithm].PlannedCandidates(search.Spec, TestSearch.Steps), result.Candidates.Length);
    }

    private static void CancelAt(ScriptedStop stop, int answered, int cancelAt)
    {
        if (answered == cancelAt)
        {
            stop.Cancel();
        }
    }
}
