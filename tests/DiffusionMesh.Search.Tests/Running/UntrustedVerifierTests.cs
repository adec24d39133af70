using System.Globalization;
using System.Text.RegularExpressions;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Running;

public sealed class UntrustedVerifierTests
{
    [Theory]
    [InlineData(double.NaN, "the score is NaN, not a finite number")]
    [InlineData(double.PositiveInfinity, "the score is Infinity, not a finite number")]
    [InlineData(1.5, "the score 1.5 lies outside the declared range [0, 1]")]
    [InlineData(-0.5, "the score -0.5 lies outside the declared range [0, 1]")]
    public async Task Verifier_ThatLiesAboutSome_LosesTheseCandidatesOnly(double lie, string reason)
    {
        using var search = new TestSearch
        {
            Verifiers = [new PixelVerifier { Score = image => new ScoreOutcome.Value(Dark(image) ? lie : 0.5) }],
        };

        var result = await search.RunAsync();

        Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        var unscored = result.Candidates.Where(candidate => candidate.State == CandidateState.Unscored).ToList();
        Assert.InRange(unscored.Count, 1, 19);
        Assert.All(unscored, candidate =>
        {
            Assert.True(Dark(candidate.Image!));
            Assert.Equal(new ScoreOutcome.Missing(reason), candidate.Scores[0].Outcome);
        });
        Assert.DoesNotContain(result.Best, best => unscored.Exists(candidate => candidate.Number == best.Candidate));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Verifier_ThatAnswersAnotherCount_LosesTheBatch(int more)
    {
        using var search = new TestSearch
        {
            Verifiers = [new PixelVerifier { Answer = outcomes => Resize(outcomes, more) }],
        };

        var result = await search.RunAsync();

        Assert.Equal(StopReason.Error, result.StopReason);
        Assert.All(result.Candidates, candidate =>
        {
            var missing = Assert.IsType<ScoreOutcome.Missing>(candidate.Scores[0].Outcome);
            var counts = Regex.Match(missing.Reason, "^answered ([0-9]) scores for ([0-9]) images$");
            Assert.Equal(more, int.Parse(counts.Groups[1].ValueSpan, CultureInfo.InvariantCulture) - int.Parse(counts.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        });
    }

    [Fact]
    public async Task Verifier_ThatFailsForAWholeRound_FailsTheSearchAndKeepsWhatIsPaid()
    {
        var calls = 0;
        using var search = new TestSearch
        {
            Verifiers =
            [
                new PixelVerifier
                {
                    MaxBatchSize = 1,
                    Answer = outcomes => ++calls > 6 ? throw new CallFailedException("the verifier is down") : outcomes,
                },
            ],
        };

        var result = await search.RunAsync();

        Assert.Equal(StopReason.Error, result.StopReason);
        Assert.Equal("no candidate of round 2 was scored (brightness: the verifier is down)", result.Error);
        Assert.Equal(6, result.Candidates.Count(candidate => candidate.State == CandidateState.Scored));
        Assert.Equal(6, result.Candidates.Count(candidate => candidate.State == CandidateState.Unscored));
        Assert.Equal(12 * TestSearch.Steps, result.Ledger.NfeSearch);
        Assert.Equal(3, result.Best.Length);
    }

    [Fact]
    public async Task Verifiers_OneOfTwoDown_FailsTheSearchAndNamesIt()
    {
        using var search = new TestSearch
        {
            Verifiers = [new PixelVerifier(), new PixelVerifier { Name = "broken", Score = _ => new ScoreOutcome.Missing("no") }],
        };

        var result = await search.RunAsync();

        Assert.Equal("no candidate of round 0 was scored (broken: no)", result.Error);
        Assert.All(result.Candidates, candidate => Assert.IsType<ScoreOutcome.Value>(candidate.Scores[0].Outcome));
    }

    private static bool Dark(SampleImage image) => PixelVerifier.Brightness(image) < 0.5;

    private static List<ScoreOutcome> Resize(List<ScoreOutcome> outcomes, int more) =>
        more < 0 ? outcomes[..^1] : [.. outcomes, outcomes[0]];
}
