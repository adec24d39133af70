using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

/// <summary>What holds for every algorithm under several verifiers.</summary>
public sealed class VerifierLawTests
{
    public static TheoryData<string> Algorithms => [.. SearchAlgorithms.All.Names];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task HeldOut_WhateverItSays_ChangesNoCandidateAndNoChoice(string algorithm)
    {
        using var alone = new TestSearch { Algorithm = algorithm };
        var expected = await alone.RunAsync();
        foreach (Func<double, ScoreOutcome> says in (Func<double, ScoreOutcome>[])[
            brightness => new ScoreOutcome.Value(1 - brightness),
            brightness => brightness > 0.5 ? new ScoreOutcome.Missing("down") : new ScoreOutcome.Value(0.5)])
        {
            using var judged = new TestSearch
            {
                Algorithm = algorithm,
                Verifiers =
                [
                    new PixelVerifier(),
                    new PixelVerifier
                    {
                        Name = "judge",
                        Score = image => says(PixelVerifier.Brightness(image)),
                        Chosen = choice => choice with { HeldOut = true },
                    },
                ],
            };

            var actual = await judged.RunAsync();

            Assert.Equal(
                expected.Candidates.Select(candidate => (candidate.Number, candidate.Round, candidate.State, candidate.Image!.Digest)),
                actual.Candidates.Select(candidate => (candidate.Number, candidate.Round, candidate.State, candidate.Image!.Digest)));
            Assert.Equal(
                expected.Best.Select(best => (best.Candidate, best.SearchScore)),
                actual.Best.Select(best => (best.Candidate, best.SearchScore)));
        }
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Best_UnderZScores_NeverFalls(string algorithm)
    {
        using var search = new TestSearch
        {
            Algorithm = algorithm,
            Ensemble = "z-score",
            Verifiers =
            [
                new PixelVerifier { RealScale = new ScoreScale(0.4, 0.1) },
                new PixelVerifier { Name = "edge", RealScale = new ScoreScale(0.5, 0.3), Score = Edge },
            ],
        };

        await search.RunAsync();

        var scores = search.Observer.BestAfterRound.Where(best => best is not null).Select(best => best!.SearchScore).ToArray();
        Assert.NotEmpty(scores);
        Assert.Equal(scores.Order(), scores);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Degrade_VerifierThatComesAndGoes_EndsAsItShould(string algorithm)
    {
        foreach (var ensemble in new[] { "rank", "z-score" })
        {
            using var search = new TestSearch
            {
                Algorithm = algorithm,
                Ensemble = ensemble,
                Verifiers =
                [
                    new PixelVerifier { RealScale = new ScoreScale(0.4, 0.1) },
                    new PixelVerifier
                    {
                        Name = "fickle",
                        RealScale = new ScoreScale(0.5, 0.3),
                        Score = image => image.Pixels.Span[1] % 3 == 0 ? new ScoreOutcome.Missing("away") : Edge(image),
                        Chosen = choice => choice with { OnFailure = FailurePolicy.Degrade },
                    },
                ],
            };

            var result = await search.RunAsync();

            Assert.Null(result.Error);
            Assert.NotEmpty(result.Best);
            Assert.All(result.Candidates, candidate => Assert.Equal(CandidateState.Scored, candidate.State));
            Assert.StartsWith("'fickle' did not score ", Assert.Single(result.Degradations), StringComparison.Ordinal);
        }
    }

    private static ScoreOutcome.Value Edge(SampleImage image) =>
        new(Math.Abs(image.Pixels.Span[0] - image.Pixels.Span[^1]) / 255.0);
}
