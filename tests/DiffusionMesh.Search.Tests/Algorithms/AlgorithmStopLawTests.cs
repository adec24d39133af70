using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

/// <summary>What holds for every algorithm when a search is stopped, run again or gone on with.</summary>
public sealed class AlgorithmStopLawTests
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

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
        using var whole = new TestSearch { Algorithm = algorithm };
        var end = (await whole.RunAsync()).StopReason;
        var total = whole.Sampler.Sampled.Count;
        for (var paid = 0; paid <= total; paid++)
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

            Assert.Equal(paid < total ? StopReason.Cancelled : end, result.StopReason);
            Assert.Equal(paid, search.Sampler.Sampled.Count);
            Assert.Equal(paid, result.Candidates.Count(candidate => candidate is { State: CandidateState.Scored, Nfe: > 0 }));
            Assert.Equal(search.Sampler.Sampled.Sum(segment => (long)segment.Steps), result.Ledger.NfeSearch);
            var finished = result.Candidates.Count(candidate => candidate is { State: CandidateState.Scored, IsFinished: true });
            Assert.Equal(Math.Min(finished, 3), result.Best.Length);
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
        var total = whole.Sampler.Sampled.Count;

        for (var paid = 0; paid < total; paid++)
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
            Assert.Equal(total, cancelled.Sampler.Sampled.Count + resumed.Sampler.Sampled.Count);
            Assert.Equal(total, cancelled.Verifiers[0].Scored.Count + resumed.Verifiers[0].Scored.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task TimeLimit_BeforeAnyLaterRound_LeavesAFinishedSample(string algorithm)
    {
        for (var round = 1; round <= 6; round++)
        {
            using var stopped = new TestSearch { Algorithm = algorithm, Stop = new ScriptedStop { StopBefore = round } };
            var result = await stopped.RunAsync();

            Assert.NotEmpty(result.Best);
            Assert.InRange(result.Ledger.NfeSearch, 1, stopped.Budget);
            Assert.Equal(result.Ledger.NfeSearch, result.Candidates.Sum(candidate => candidate.Nfe));

            using var replay = new TestSearch { Algorithm = algorithm, Journal = stopped.Journal };
            Assert.Equal(ResultText.Of(result), ResultText.Of(await replay.RunAsync()));
            Assert.Empty(replay.Sampler.Sampled);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Resume_AfterATimeLimit_AccountsForAllThatWasPaid(string algorithm)
    {
        using var whole = new TestSearch { Algorithm = algorithm, FinalSteps = 9 };
        var expected = await whole.RunAsync();
        for (var round = 0; round <= 4; round++)
        {
            using var stopped = new TestSearch { Algorithm = algorithm, FinalSteps = 9, Stop = new ScriptedStop { StopBefore = round } };
            await stopped.RunAsync();
            stopped.Journal.Reopen();

            using var resumed = new TestSearch { Algorithm = algorithm, FinalSteps = 9, Journal = stopped.Journal };
            var result = await resumed.RunAsync();

            Assert.Equal(ResultText.Of(expected), ResultText.Of(result with { Ledger = result.Ledger with { NfeWasted = 0 } }));
            Assert.Equal(
                stopped.Sampler.Sampled.Concat(resumed.Sampler.Sampled).Sum(segment => (long)segment.Steps),
                result.Ledger.NfeSearch + result.Ledger.NfeFinal + result.Ledger.NfeWasted);
        }
    }

    private static void CancelAt(ScriptedStop stop, int answered, int cancelAt)
    {
        if (answered == cancelAt)
        {
            stop.Cancel();
        }
    }
}
