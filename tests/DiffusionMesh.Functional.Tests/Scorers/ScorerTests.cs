using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Functional.Tests.Clip;
using static DiffusionMesh.Functional.Tests.Scorers.RunningScorer;
using Condition = DiffusionMesh.Contracts.TensorV1.Condition;

namespace DiffusionMesh.Functional.Tests.Scorers;

/// <summary>What the scores of single verifiers mean.</summary>
public sealed class ScorerTests
{
    // Shirts, coats and pullovers are taken for each other now and then, by people too.
    private const int EnoughOfTen = 8;

    [Theory]
    [InlineData("clip-class-logit")]
    [InlineData("dino")]
    [InlineData("oracle")]
    public async Task Score_ClassLabels_PreferTheRealImageOfThatClass(string name)
    {
        await using var scorer = await StartAsync(name);
        var first = new List<int>();
        for (var label = 0; label < 10; label++)
        {
            var scores = await scorer.ScoreAsync(FashionImages.Padded, new Condition { ClassLabel = label });
            if (Array.IndexOf(scores, scores.Max()) == label)
            {
                first.Add(label);
            }
        }

        Assert.True(first.Count >= EnoughOfTen, $"right for {string.Join(", ", first)} alone");
    }

    [Fact]
    public async Task Score_ClassLogit_IsTheCosineOfTheClipScoreOnAnotherScale()
    {
        await using var score = await StartAsync("clip-score");
        await using var logit = await StartAsync("clip-class-logit");

        var scores = await score.ScoreAsync(Images);
        var logits = await logit.ScoreAsync(Images);

        Assert.All(scores.Zip(logits), pair => Assert.Equal(pair.First, 2.5 * Math.Max(pair.Second / 100, 0), 1e-12));
        Assert.Contains(logits, value => value < 0);
    }

    [Fact]
    public async Task Score_ProbabilitiesOfAllClasses_SumToOne()
    {
        await using var oracle = await StartAsync("oracle");
        var sums = new double[Images.Count];
        for (var label = 0; label < 10; label++)
        {
            var scores = await oracle.ScoreAsync(Images, new Condition { ClassLabel = label });
            sums = [.. sums.Zip(scores, (sum, score) => sum + score)];
        }

        Assert.All(sums, sum => Assert.Equal(1, sum, 1e-12));
    }

    [Fact]
    public async Task Score_Aesthetic_PrefersPristineImagesToNoisyOnes()
    {
        await using var aesthetic = await StartAsync("aesthetic");
        var noisy = FashionImages.Padded.Select(image => Change(image, (value, i) => value + (i * 7919 % 128) - 64));

        var pristine = await aesthetic.ScoreAsync(FashionImages.Padded);
        var degraded = await aesthetic.ScoreAsync(noisy);

        Assert.InRange(pristine.Zip(degraded).Count(pair => pair.First > pair.Second), EnoughOfTen, 10);
    }

    [Theory]
    [InlineData("self-supervised-dino")]
    [InlineData("self-supervised-clip")]
    public async Task Score_SelfSupervised_IsOneForThePredictionThatCameTrue(string name)
    {
        await using var scorer = await StartAsync(name);
        var response = await scorer.Client.ScoreAsync(new ScoreRequest
        {
            Candidates =
            {
                new Candidate { Id = "same", Images = { Final(Images[1]), XPrediction(Images[1]) } },
                new Candidate { Id = "other", Images = { XPrediction(Images[9]), Final(Images[1]) } },
            },
        });

        var scores = Values(response);
        Assert.Equal(1, scores[0], 1e-6);
        Assert.InRange(scores[1], -1, 0.9);
    }

    [Theory]
    [InlineData("self-supervised-dino")]
    [InlineData("self-supervised-clip")]
    public async Task Describe_SelfSupervised_AsksForBothImages(string name)
    {
        await using var scorer = await StartAsync(name);

        var verifier = await scorer.DescribeAsync();

        Assert.Equal(
            [
                new ImageRequirement { Name = "x_prediction", Kind = ImageKind.XPrediction, NoiseLevel = 0.4 },
                new ImageRequirement { Name = "final", Kind = ImageKind.Final },
            ],
            verifier.Images);
    }

    [Fact]
    public async Task Describe_SelfSupervised_DiffersByItsFeatures()
    {
        await using var dino = await StartAsync("self-supervised-dino");
        await using var clip = await StartAsync("self-supervised-clip");

        Assert.NotEqual((await dino.DescribeAsync()).WeightsDigest, (await clip.DescribeAsync()).WeightsDigest);
    }
}
