using DiffusionMesh.Search.Ports;

namespace DiffusionMesh.Search.Journaling;

/// <summary>The keys under which paid results are remembered.</summary>
public static class ContentKeys
{
    /// <summary>Key of a sampled segment: the weights, the arithmetic, the sampler and its options, the conditions and the noise.</summary>
    public static ContentKey Of(SearchSpec spec, Segment segment)
    {
        using var bytes = new CanonicalBytes("segment/3");
        bytes
            .Add(spec.ModelDigest)
            .Add(spec.ComputeClass)
            .Add(spec.Sampler)
            .Add((long)segment.Steps)
            .Add(spec.Guidance)
            .Add(spec.Sampling)
            .Add(spec.Condition)
            .Add(spec.NegativeCondition)
            .Add(segment.FromLevel)
            .Add(segment.ToLevel)
            .Add((long)segment.XPredictionLevels.Length);
        foreach (var level in segment.XPredictionLevels)
        {
            bytes.Add(level);
        }

        return bytes.Add(segment.Origin).Key();
    }

    /// <summary>Key of a score: the weights, arithmetic and state of the verifier, the condition and the segment.</summary>
    public static ContentKey Of(SearchSpec spec, VerifierChoice verifier, ContentKey segment)
    {
        using var bytes = new CanonicalBytes("score/2");
        return bytes
            .Add(verifier.Name)
            .Add(verifier.WeightsDigest)
            .Add(verifier.ComputeClass)
            .Add(verifier.State.Span)
            .Add(spec.Condition)
            .Add(segment.Hex)
            .Key();
    }
}
