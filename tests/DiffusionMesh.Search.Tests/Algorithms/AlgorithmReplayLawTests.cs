using System.Collections.Immutable;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

/// <summary>What holds for every algorithm when a search is run again from nothing.</summary>
public sealed class AlgorithmReplayLawTests
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Replay_OfACompleteSearch_PaysAllAgainAndGivesTheSameBits(string algorithm)
    {
        using var first = new Noted(new TestSearch { Algorithm = algorithm, FinalSteps = 9 });
        var expected = ResultText.Of(await first.RunAsync());

        using var replay = first.Repeat(new TestSearch { Algorithm = algorithm, FinalSteps = 9, Sampler = new NoiseSampler { Shuffle = 1 } });

        Assert.Equal(expected, ResultText.Of(await replay.RunAsync()));
        Assert.Equal(first.Paid, replay.Paid);
        Assert.Equal(first.Search.Verifiers[0].Scored.Count, replay.Search.Verifiers[0].Scored.Count);
        Assert.Empty(replay.Search.Stop.Asked);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Replay_OfASearchCancelledAnywhere_PaysTheSameAndGivesTheSameBits(string algorithm)
    {
        using var whole = new TestSearch { Algorithm = algorithm };
        await whole.RunAsync();
        for (var cancelAt = 0; cancelAt < whole.Sampler.Sampled.Count; cancelAt++)
        {
            using var stop = new ScriptedStop();
            var at = cancelAt;
            using var cancelled = new Noted(new TestSearch
            {
                Algorithm = algorithm,
                Stop = stop,
                Sampler = new NoiseSampler { Shuffle = cancelAt, BeforeAnswer = answered => CancelAt(stop, answered, at) },
            });
            var expected = ResultText.Of(await cancelled.RunAsync());

            using var replay = cancelled.Repeat(new TestSearch { Algorithm = algorithm });

            Assert.Equal(expected, ResultText.Of(await replay.RunAsync()));
            Assert.Equal(cancelled.Paid, replay.Paid);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Replay_OfASearchThatWasStopped_StopsThereWithoutAClock(string algorithm)
    {
        for (var round = 0; round <= 4; round++)
        {
            using var stopped = new Noted(new TestSearch { Algorithm = algorithm, FinalSteps = 9, Stop = new ScriptedStop { StopBefore = round } });
            var expected = ResultText.Of(await stopped.RunAsync());

            using var replay = stopped.Repeat(new TestSearch { Algorithm = algorithm, FinalSteps = 9 });

            Assert.Equal(expected, ResultText.Of(await replay.RunAsync()));
            Assert.Equal(stopped.Paid, replay.Paid);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Replay_ThatWasCancelledItself_GoesOnToTheSameEnd(string algorithm)
    {
        using var first = new Noted(new TestSearch { Algorithm = algorithm });
        var expected = ResultText.Of(await first.RunAsync());
        using var stop = new ScriptedStop();
        using var cancelled = first.Repeat(new TestSearch
        {
            Algorithm = algorithm,
            Stop = stop,
            Sampler = new NoiseSampler { BeforeAnswer = answered => CancelAt(stop, answered, 6) },
        });
        await cancelled.RunAsync();
        cancelled.Search.Journal.Reopen();

        using var resumed = first.Repeat(new TestSearch { Algorithm = algorithm, Journal = cancelled.Search.Journal });

        Assert.Equal(expected, ResultText.Of(await resumed.RunAsync()));
        Assert.Equal(first.Paid.Length, cancelled.Paid.Length + resumed.Paid.Length);
    }

    [Fact]
    public async Task Replay_OfScoresThatNeverCame_MissesTheSame()
    {
        var images = 0;
        var flaky = new PixelVerifier
        {
            Name = "flaky",
            Score = image => ++images % 3 == 0 ? new ScoreOutcome.Missing("down") : new ScoreOutcome.Value(PixelVerifier.Brightness(image)),
        };
        using var first = new Noted(new TestSearch { Verifiers = [new PixelVerifier(), flaky] });
        var expected = ResultText.Of(await first.RunAsync());

        using var replay = first.Repeat(new TestSearch { Verifiers = [new PixelVerifier(), new PixelVerifier { Name = "flaky" }] });

        Assert.Contains("!down", expected, StringComparison.Ordinal);
        Assert.Equal(expected, ResultText.Of(await replay.RunAsync()));
    }

    [Fact]
    public async Task Replay_OfScoresByWeightsThatAreGone_TakesThemFromTheFirstRun()
    {
        ImmutableArray<VerifierReplacement> by = [new VerifierReplacement("brightness", "sha256:2", "2", "memory", 0, 1)];
        using var first = new Noted(new TestSearch { Verifiers = [new PixelVerifier { Replacement = scored => scored > 6 ? by[0] : null }] });
        var expected = ResultText.Of(await first.RunAsync());

        using var replay = first.Repeat(new TestSearch(), by);

        Assert.Contains("went on with version 2", expected, StringComparison.Ordinal);
        Assert.Equal(expected, ResultText.Of(await replay.RunAsync()));
        Assert.Empty(replay.Search.Verifiers[0].Scored);
    }

    private static void CancelAt(ScriptedStop stop, int answered, int cancelAt)
    {
        if (answered == cancelAt)
        {
            stop.Cancel();
        }
    }

    // A search and what it paid.
    private sealed class Noted : IDisposable
    {
        private NotingJournal? _journal;

        public Noted(TestSearch search, OriginalRun? original = null)
        {
            Search = search;
            search.Through = journal =>
            {
                _journal = new NotingJournal(journal);
                return original is null ? _journal : new ReplayJournal(_journal, original);
            };
        }

        public TestSearch Search { get; }

        public string[] Paid =>
            [.. Search.Sampler.Sampled.Select(segment => ContentKeys.Of(Search.Spec, segment).Hex).Order(StringComparer.Ordinal)];

        public Noted Repeat(TestSearch search, ImmutableArray<VerifierReplacement> replacements = default) =>
            new(search, _journal!.Run(replacements));

        public Task<SearchResult> RunAsync() => Search.RunAsync();

        public void Dispose() => Search.Dispose();
    }
}
