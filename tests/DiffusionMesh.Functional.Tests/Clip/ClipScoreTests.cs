using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Imaging;

namespace DiffusionMesh.Functional.Tests.Clip;

public sealed class ClipScoreTests(ClipVerifierFixture clip) : IClassFixture<ClipVerifierFixture>
{
    // Shirts, coats and pullovers are taken for each other now and then, by people too.
    private const int EnoughOfTen = 9;

    [Fact]
    public async Task Describe_EmbeddedModel_SaysWhatTheManifestSays()
    {
        var verifier = (await clip.Client.DescribeAsync(new DescribeRequest())).Verifier;

        Assert.Equal("clip", verifier.Name);
        Assert.Matches("^sha256:[0-9a-f]{64}$", verifier.WeightsDigest);
        Assert.Equal((0, 2.5), (verifier.Minimum, verifier.Maximum));
        Assert.Equal([ConditionKind.Prompt, ConditionKind.Class], verifier.ConditionKinds);
        Assert.Equal(new ImageRequirement { Name = "final", Kind = ImageKind.Final }, Assert.Single(verifier.Images));
        Assert.Equal([32, 32, 1], verifier.InputShape);
        Assert.Equal(16, verifier.MaxBatchSize);
        Assert.Matches("^onnxruntime-[0-9.]+/cpu/", verifier.ComputeClass);
        Assert.True(verifier.HigherIsBetter);
        Assert.False(verifier.NeedsState);
    }

    [Fact]
    public async Task Score_RealImages_PreferTheirOwnPromptToThoseOfOtherThings()
    {
        var scores = new List<double[]>();
        foreach (var prompt in FashionImages.Prompts)
        {
            scores.Add(await clip.ScoreAsync(new Condition { Prompt = prompt }, FashionImages.Padded));
        }

        var first = Enumerable.Range(0, 10).Where(label => scores.All(prompt => prompt[label] <= scores[label][label])).ToArray();
        Assert.True(first.Length >= EnoughOfTen, $"right for {string.Join(", ", first)} alone");
    }

    [Fact]
    public async Task Score_ClassLabels_PreferTheRealImageOfThatClass()
    {
        var first = new List<int>();
        for (var label = 0; label < 10; label++)
        {
            var scores = await clip.ScoreAsync(new Condition { ClassLabel = label }, FashionImages.Padded);
            if (Array.IndexOf(scores, scores.Max()) == label)
            {
                first.Add(label);
            }
        }

        Assert.True(first.Count >= EnoughOfTen, $"right for {string.Join(", ", first)} alone");
    }

    [Fact]
    public async Task Score_AloneOrInABatch_GivesTheSameBits()
    {
        var condition = new Condition { Prompt = "a photo of an ankle boot" };
        var together = await clip.ScoreAsync(condition, FashionImages.Padded);
        var backwards = await clip.ScoreAsync(condition, FashionImages.Padded.Reverse());
        var alone = new List<double>();
        foreach (var image in FashionImages.Padded)
        {
            alone.AddRange(await clip.ScoreAsync(condition, image));
        }

        Assert.Equal(alone, together);
        Assert.Equal(alone, backwards.Reverse());
    }

    [Fact]
    public async Task Score_PromptInOtherWriting_IsTheSamePrompt()
    {
        var plain = await clip.ScoreAsync(new Condition { Prompt = "a photo of an ankle boot" }, FashionImages.Padded);
        var shouted = await clip.ScoreAsync(new Condition { Prompt = "A photo of an ANKLE-boot!" }, FashionImages.Padded);

        Assert.Equal(plain, shouted);
    }

    [Fact]
    public async Task Score_GreyAsColour_GivesTheSameBits()
    {
        var grey = FashionImages.Padded[9];
        var colour = new PixelImage(32, 32, 3, grey.Pixels.ToArray().SelectMany(value => new[] { value, value, value }).ToArray());

        var scores = await clip.ScoreAsync(new Condition { ClassLabel = 9 }, grey, colour);

        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public async Task Score_AnotherSize_IsCloseToTheOriginal()
    {
        var original = FashionImages.Padded[9];
        var doubled = new byte[64 * 64];
        for (var i = 0; i < doubled.Length; i++)
        {
            doubled[i] = original.Pixels.Span[(i / 64 / 2 * 32) + (i % 64 / 2)];
        }

        var scores = await clip.ScoreAsync(new Condition { ClassLabel = 9 }, original, new PixelImage(64, 64, 1, doubled));

        Assert.NotEqual(scores[0], scores[1]);
        Assert.Equal(scores[0], scores[1], 0.1);
    }
}
