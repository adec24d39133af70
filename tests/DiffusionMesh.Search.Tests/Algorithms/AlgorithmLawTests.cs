using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Ranking;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

/// <summary>What holds for every algorithm.</summary>
public sealed class AlgorithmLawTests
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

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
    public async Task Candidate_FromItsAddressesAlone_IsRegenerated(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, Sampler = new NoiseSampler { Shuffle = 3 } };

        var result = await search.RunAsync();

        Assert.All(result.Candidates, candidate =>
            Assert.Equal(Regenerate(result, candidate).Image.Digest, candidate.Image!.Digest));
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

            var scores = search.Observer.BestAfterRound.Where(best => best is not null).Select(best => best!.SearchScore).ToArray();
            Assert.NotEmpty(scores);
            Assert.Equal(higherIsBetter ? scores.Order() : scores.OrderDescending(), scores);
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Best_UnderSeveralVerifiers_IsFirstInTheRankingOfTheWholePool(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, Verifiers = [new PixelVerifier(), Contrast()] };

        var result = await search.RunAsync();

        var rule = new SelectionRule([new RankedVerifier(1, true), new RankedVerifier(1, true)]);
        var ranking = rule.Rank(result.Candidates.Where(candidate => candidate.IsFinished));
        Assert.Equal(
            ranking.Take(3).Select(standing => (standing.Candidate.Number, standing.SearchScore)),
            result.Best.Select(best => (best.Candidate, best.SearchScore)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Search_OnAverage_BeatsOneSample(string algorithm)
    {
        var gains = new List<double>();
        for (ulong seed = 0; seed < 10; seed++)
        {
            using var one = new TestSearch { Budget = TestSearch.Steps, Seed = seed };
            using var search = new TestSearch { Algorithm = algorithm, Seed = seed };
            gains.Add((await search.RunAsync()).Best[0].SearchScore - (await one.RunAsync()).Best[0].SearchScore);
        }

        Assert.True(gains.Average() > 0.02, $"mean gain {gains.Average()}");
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task TorchSeed_IsWhereTheFirstCandidateAloneBegins(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm, TorchSeed = 42 };

        var candidates = (await search.RunAsync()).Candidates;

        Assert.Equal(new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Torch(42))), candidates[0].Start);
        Assert.DoesNotContain(
            candidates.Skip(1), candidate => candidate.Start is SegmentStart.Noise(NoiseExpression.Draw({ Generator: NoiseGenerator.TorchCpu })));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Journal_ThatRecordsNoneBeforeAllWait_GivesTheSameBits(string algorithm)
    {
        using var alone = new TestSearch { Algorithm = algorithm, FinalSteps = 9 };
        var expected = ResultText.Of(await alone.RunAsync());

        GroupJournal? groups = null;
        using var together = new TestSearch
        {
            Algorithm = algorithm,
            FinalSteps = 9,
            Sampler = new NoiseSampler { Shuffle = 5, BeforeRequest = segments => groups!.ExpectSegments(segments) },
            Verifiers = [new PixelVerifier { Answer = outcomes => Expect(outcomes) }],
            Through = journal => groups = new GroupJournal(journal),
        };

        Assert.Equal(expected, ResultText.Of(await together.RunAsync().WaitAsync(TimeSpan.FromMinutes(1))));
        Assert.Contains(groups!.Groups, size => size > 1);

        List<ScoreOutcome> Expect(List<ScoreOutcome> outcomes)
        {
            groups!.ExpectScores(outcomes.Count);
            return outcomes;
        }
    }

    // Steps of a stochastic sampler need an address, and a path that is gone on with keeps its own.
    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task SamplerNoise_IsTheLatestDrawOnTheWay(string algorithm)
    {
        using var search = new TestSearch { Algorithm = algorithm };

        var candidates = (await search.RunAsync()).Candidates;

        Assert.Equal(
            candidates.Select(candidate => LatestDraw(candidates, candidate)).ToHashSet(),
            search.Sampler.Sampled.Select(segment => segment.SamplerNoise!).ToHashSet());

        static NoiseAddress LatestDraw(IReadOnlyList<Candidate> all, Candidate candidate) => candidate.Start switch
        {
            SegmentStart.Noise(var noise) => noise.Origin,
            SegmentStart.Renoise(_, var draw) => draw.Origin,
            SegmentStart.Continuation(var from) => LatestDraw(all, all[from]),
            _ => throw new InvalidOperationException(),
        };
    }

    // Samples a candidate's segment again, with those that it goes on from.
    private static SampledSegment Regenerate(SearchResult result, Candidate candidate)
    {
        SegmentOrigin origin = candidate.Start switch
        {
            SegmentStart.Noise(var noise) => new SegmentOrigin.Noise(noise),
            SegmentStart.Renoise(var from, var draw) => State(from, draw),
            SegmentStart.Continuation(var from) => State(from, null),
            _ => throw new NotSupportedException(),
        };
        return NoiseSampler.Sample(new Segment(origin, candidate.FromLevel, candidate.ToLevel, candidate.Steps));

        SegmentOrigin.State State(int from, NoiseExpression? draw) => new(
            default, Regenerate(result, result.Candidates[from]).State!, result.Candidates[from].ToLevel, draw);
    }

    private static PixelVerifier Contrast() => new()
    {
        Name = "contrast",
        Score = image => new ScoreOutcome.Value(Math.Abs(image.Pixels.Span[0] - image.Pixels.Span[^1]) / 255.0),
    };
}
