using System.Globalization;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Search.Algorithms;
using DiffusionMesh.Search.Ports;
using DiffusionMesh.Search.Tests.Ports;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class FkSteeringTests
{
    // Rewards 1, 3 of drafts and 2 of the finished sample, λ = 2: every product is exp(2 · 2).
    [Theory]
    [InlineData("Max", 2, 6, -4)]
    [InlineData("Diff", 2, 4, -2)]
    [InlineData("Add", 2, 8, -6)]
    public void Potentials_OfAPath_MultiplyToTheRewardOfItsEnd(string name, double first, double second, double last)
    {
        var potential = Enum.Parse<FkPotential>(name);
        var logs = new double[3];

        var path = FkPath.Start
            .Next(potential, 2, 1, false, out logs[0])
            .Next(potential, 2, 3, false, out logs[1])
            .Next(potential, 2, 2, true, out logs[2]);

        Assert.Equal([first, second, last], logs);
        Assert.Equal(4, path.LogProduct);
    }

    [Fact]
    public void Weight_WithoutResampling_AccumulatesOverTheLevels()
    {
        var particle = FkParticle.Start
            .MoveTo(Draft(0), 1, FkPotential.Add, 2)
            .MoveTo(Draft(1), 3, FkPotential.Add, 2);
        var unjudged = particle.MoveTo(Draft(2), null, FkPotential.Add, 2);
        var resampled = (particle with { LogWeight = 0 }).MoveTo(Draft(2), 1, FkPotential.Add, 2);

        Assert.Equal(2 + 8, particle.LogWeight);
        Assert.Equal((10, false, 2), (unjudged.LogWeight, unjudged.IsJudged, unjudged.Candidate!.Number));
        Assert.Equal((10, 20), (resampled.LogWeight, resampled.Path.LogProduct));
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("50", "0")]
    public async Task Particles_WithoutRewardOrThreshold_AllLiveOn(string lambda, string threshold)
    {
        using var search = Search(80, particles: 8, lambda, threshold);

        var result = await search.RunAsync();

        Assert.Equal(8 * 5, result.Candidates.Length);
        Assert.All(Children(result), count => Assert.Equal(1, count));
    }

    [Theory]
    [InlineData("max")]
    [InlineData("diff")]
    [InlineData("add")]
    public async Task Copies_OfAParticle_PartAndPayOnlyForWhatTheyDoNotShare(string potential)
    {
        using var search = Search(80, particles: 8, lambda: "5", potential: potential);

        var result = await search.RunAsync();

        Assert.Contains(Children(result), count => count >= 2);
        Assert.Contains(Children(result), count => count == 0);
        Assert.Equal(80, result.Ledger.NfeSearch);
        Assert.Equal(8, result.Candidates.Where(candidate => candidate.IsFinished).DistinctBy(candidate => candidate.Image!.Digest).Count());
        Assert.All(result.Candidates, candidate => Assert.InRange(candidate.Nfe, 2, 2));
        Assert.All(result.Candidates.Where(candidate => candidate.IsFinished), candidate => Assert.Equal(10, candidate.NfePath));
    }

    // The reward is linear and its prior normal: exp(λ r) shifts the mean by λ times its variance.
    [Theory]
    [InlineData("max")]
    [InlineData("diff")]
    [InlineData("add")]
    public async Task FinishedParticles_OfANormalReward_AreTiltedWithLambda(string potential)
    {
        var means = new List<double>();
        foreach (var lambda in new[] { "0", "0.5", "4" })
        {
            var rewards = new List<double>();
            for (ulong seed = 0; seed < 10; seed++)
            {
                using var search = Search(320, particles: 32, lambda, potential: potential, seed: seed);
                var result = await search.RunAsync();
                rewards.AddRange(result.Candidates.Where(candidate => candidate.IsFinished).Select(candidate => PixelVerifier.Brightness(candidate.Image!)));
            }

            means.Add(rewards.Average());
        }

        Assert.InRange(means[0], 0.49, 0.515);
        Assert.True(means[1] > means[0] + 0.005 && means[2] > means[1] + 0.01, string.Join(' ', means));
    }

    [Fact]
    public async Task Particle_ThatWasNotScored_IsReplaced()
    {
        using var search = Search(
            80,
            particles: 8,
            lambda: "0",
            verifier: new PixelVerifier
            {
                Score = image => image.Pixels.Span[0] % 3 == 0 ? new ScoreOutcome.Missing("no") : new ScoreOutcome.Value(PixelVerifier.Brightness(image)),
            });

        var result = await search.RunAsync();

        var unscored = result.Candidates.Where(candidate => candidate.State == CandidateState.Unscored).Select(candidate => (int?)candidate.Number).ToArray();
        Assert.NotEmpty(unscored);
        Assert.DoesNotContain(result.Candidates, candidate => unscored.Contains(candidate.Parent));
        Assert.Equal(8 * 5, result.Candidates.Length);
    }

    [Fact]
    public async Task Budget_BeyondThePopulation_BeginsAgainAndEndsWithLastLegs()
    {
        using var search = Search(40 + 20 + 5, particles: 4, lambda: "2");

        var result = await search.RunAsync();

        var fresh = result.Candidates.Where(candidate => candidate.Start is SegmentStart.Noise).Select(candidate => candidate.Start);
        Assert.Equal(
            Enumerable.Range(0, 6).Select(i => new SegmentStart.Noise(new NoiseExpression.Draw(NoiseAddress.Of(7, (uint)i)))),
            fresh);
        Assert.Equal(64, result.Ledger.NfeSearch);
        Assert.Equal(4 + 2 + 2, result.Candidates.Count(candidate => candidate.IsFinished));
        Assert.Equal(StopReason.BudgetSpent, result.StopReason);
        Assert.Equal(result.Candidates.Length, result.Candidates.DistinctBy(candidate => candidate.Image!.Digest).Count());
    }

    private static IEnumerable<int> Children(SearchResult result) => result.Candidates
        .Where(candidate => !candidate.IsFinished)
        .Select(draft => result.Candidates.Count(candidate => candidate.Parent == draft.Number));

    private static Candidate Draft(int number) => new()
    {
        Number = number,
        Round = number,
        Start = new SegmentStart.Continuation(0),
        Steps = 1,
        ToLevel = 0.5,
    };

    private static TestSearch Search(
        long budget,
        int particles,
        string lambda,
        string threshold = "1",
        string potential = "max",
        ulong seed = 7,
        PixelVerifier? verifier = null) => new()
        {
            Algorithm = "fk-steering",
            Budget = budget,
            Seed = seed,
            Verifiers = [verifier ?? new PixelVerifier { RealScale = new ScoreScale(0.5, 0.04) }],
            Parameters =
            {
                ["particles"] = particles.ToString(CultureInfo.InvariantCulture),
                ["lambda"] = lambda,
                ["ess_threshold"] = threshold,
                ["potential"] = potential,
            },
        };
}
