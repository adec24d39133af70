using System.Collections.Immutable;
using DiffusionMesh.Diffusion;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Search.Journaling;
using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Tests.Journaling;

public sealed class ContentKeysTests
{
    private static readonly NoiseExpression Noise = new NoiseExpression.Draw(NoiseAddress.Of(1, 2, 3));

    private static readonly Segment Segment = Segment.Whole(Noise, 5);

    private static readonly LatentState State = new(new byte[4], 1, 1, 1);

    private static readonly VerifierChoice Verifier = new("clip", "", 1, "sha256:1", "1", "memory");

    [Fact]
    public void SegmentKey_WhateverDeterminesTheSample_ChangesIt()
    {
        using var search = new TestSearch();
        var spec = search.Spec;
        var draw = NoiseAddress.Of(1, 2, 3);
        ContentKey[] keys =
        [
            ContentKeys.Of(spec, Segment),
            ContentKeys.Of(spec with { ModelDigest = "sha256:2" }, Segment),
            ContentKeys.Of(spec with { ComputeClass = "other" }, Segment),
            ContentKeys.Of(spec with { Sampler = "heun" }, Segment),
            ContentKeys.Of(spec with { Guidance = 2.0000000000000004 }, Segment),
            ContentKeys.Of(spec with { Sampling = new SamplingOptions { Eta = 0 } }, Segment),
            ContentKeys.Of(spec with { Sampling = new SamplingOptions { Eta = 1 } }, Segment),
            ContentKeys.Of(spec with { Sampling = new SamplingOptions { Schedule = "karras" } }, Segment),
            ContentKeys.Of(spec with { Sampling = new SamplingOptions { ResolutionShift = 2 } }, Segment),
            ContentKeys.Of(spec with { Sampling = new SamplingOptions { GuidanceRescale = .5 } }, Segment),
            ContentKeys.Of(spec with { Sampling = new SamplingOptions { GuidanceFromNoiseLevel = .5 } }, Segment),
            ContentKeys.Of(spec with { Sampling = new SamplingOptions { GuidanceToNoiseLevel = .5 } }, Segment),
            ContentKeys.Of(spec, Segment.Whole(new NoiseExpression.Draw(NoiseAddress.Of(1)), 5)),
            ContentKeys.Of(spec, Segment.Whole(new NoiseExpression.Draw(NoiseAddress.Torch(1)), 5)),
            ContentKeys.Of(spec with { Condition = null }, Segment),
            ContentKeys.Of(spec with { Condition = new Condition.ClassLabel(0) }, Segment),
            ContentKeys.Of(spec with { Condition = null, NegativeCondition = spec.Condition }, Segment),
            ContentKeys.Of(spec with { NegativeCondition = new Condition.Prompt("dark") }, Segment),
            ContentKeys.Of(spec, Segment with { Steps = 6 }),
            ContentKeys.Of(spec, Segment with { FromLevel = 0.9 }),
            ContentKeys.Of(spec, Segment with { ToLevel = 0.1 }),
            ContentKeys.Of(spec, Segment with { XPredictionLevels = [0.4] }),
            ContentKeys.Of(spec, Segment with { Origin = new SegmentOrigin.State(new ContentKey("0"), State, 0.9, null) }),
            ContentKeys.Of(spec, Segment with { Origin = new SegmentOrigin.State(new ContentKey("1"), State, 0.9, null) }),
            ContentKeys.Of(spec, Segment with { Origin = new SegmentOrigin.State(new ContentKey("0"), State, 0.8, null) }),
            ContentKeys.Of(spec, Segment with { Origin = new SegmentOrigin.State(new ContentKey("0"), State, 0.9, Noise) }),
            ContentKeys.Of(spec, Segment with { Origin = new SegmentOrigin.State(new ContentKey("0"), State, 0.9, new NoiseExpression.Rotation(Noise, draw, 0.5)) }),
            ContentKeys.Of(spec, Segment.Whole(new NoiseExpression.Draw(NoiseAddress.Of(1, 2)), 5)),
            ContentKeys.Of(spec, Segment.Whole(new NoiseExpression.Draw(NoiseAddress.Of(2, 2, 3)), 5)),
            ContentKeys.Of(spec, Segment.Whole(new NoiseExpression.Rotation(Noise, draw, 0.5), 5)),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key.Hex));
    }

    [Fact]
    public void SegmentKey_WhateverDoesNot_LeavesIt()
    {
        using var search = new TestSearch();
        var spec = search.Spec;
        var other = spec with
        {
            BudgetNfe = 1,
            Seed = 99,
            KBest = 9,
            Verifiers = [Verifier],
            Parameters = ImmutableSortedDictionary<string, string>.Empty,
        };

        Assert.Equal(ContentKeys.Of(spec, Segment), ContentKeys.Of(other, Segment with { }));
    }

    [Fact]
    public void ScoreKey_WhateverDeterminesTheScore_ChangesIt()
    {
        using var search = new TestSearch();
        var spec = search.Spec;
        var segment = ContentKeys.Of(spec, Segment);
        ContentKey[] keys =
        [
            segment,
            ContentKeys.Of(spec, Verifier, segment),
            ContentKeys.Of(spec, Verifier with { Name = "dino" }, segment),
            ContentKeys.Of(spec, Verifier with { WeightsDigest = "sha256:2" }, segment),
            ContentKeys.Of(spec, Verifier with { ComputeClass = "other" }, segment),
            ContentKeys.Of(spec, Verifier with { State = new byte[] { 1 } }, segment),
            ContentKeys.Of(spec with { Condition = null }, Verifier, segment),
            ContentKeys.Of(spec, Verifier, new ContentKey("0")),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[1], ContentKeys.Of(spec, Verifier with { Weight = 2 }, segment));
    }
}
