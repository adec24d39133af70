using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Search;

/// <summary>Where the segment of a candidate begins. With the candidates that it names, it regenerates the image.</summary>
public abstract record SegmentStart
{
    private SegmentStart()
    {
    }

    /// <summary>Number of the candidate from whose state the segment goes on; null if it begins with noise.</summary>
    public virtual int? From => null;

    /// <summary>Pure noise.</summary>
    /// <param name="Expression">Where it is found.</param>
    public sealed record Noise(NoiseExpression Expression) : SegmentStart;

    /// <summary>The state in which the segment of another candidate ended, as it is.</summary>
    /// <param name="Candidate">Its number. It is not finished.</param>
    public sealed record Continuation(int Candidate) : SegmentStart
    {
        public override int? From => Candidate;
    }

    /// <summary>The state in which the segment of another candidate ended, noised up to where this one begins.</summary>
    /// <param name="Candidate">Its number. It is not finished.</param>
    /// <param name="Draw">The noise that is added.</param>
    public sealed record Renoise(int Candidate, NoiseExpression Draw) : SegmentStart
    {
        /// <summary>With a fresh draw.</summary>
        public Renoise(int candidate, NoiseAddress draw)
            : this(candidate, new NoiseExpression.Draw(draw))
        {
        }

        public override int? From => Candidate;
    }
}
