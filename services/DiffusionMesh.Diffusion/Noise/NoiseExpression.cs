using System.Buffers;

namespace DiffusionMesh.Diffusion.Noise;

/// <summary>A start state as a small expression over addresses: a few bytes instead of a tensor.</summary>
public abstract record NoiseExpression
{
    /// <summary>Most rotations that may be nested.</summary>
    public const int MaxRotations = 256;

    private NoiseExpression()
    {
    }

    /// <summary>How many rotations are nested.</summary>
    public abstract int Rotations { get; }

    /// <summary>The draw that is rotated; steps of a stochastic sampler take their noise from this address.</summary>
    public abstract NoiseAddress Origin { get; }

    /// <summary>
    /// Fills the destination with the values of the expression; its length is the number of elements of the tensor. The
    /// same bits on every machine.
    /// </summary>
    public abstract void Fill(Span<float> destination);

    /// <summary>A fresh draw.</summary>
    public sealed record Draw(NoiseAddress Address) : NoiseExpression
    {
        public override int Rotations => 0;

        public override NoiseAddress Origin => Address;

        public override void Fill(Span<float> destination) => Address.Fill(destination);
    }

    /// <summary>
    /// Rotates <paramref name="From"/> towards the draw at <paramref name="Toward"/>, keeping its norm:
    /// y = |n| (λ u + sqrt(1 - λ²) w), with u = n/|n| and w the unit part of the draw that is orthogonal to u.
    /// A draw that is parallel to n has no such part: then y = n.
    /// </summary>
    /// <param name="From">n, the noise to start from.</param>
    /// <param name="Toward">The draw that gives the direction.</param>
    /// <param name="Cosine">λ in [-1, 1], the cosine of the angle between n and y.</param>
    public sealed record Rotation(NoiseExpression From, NoiseAddress Toward, double Cosine) : NoiseExpression
    {
        public double Cosine { get; init; } = Cosine is >= -1 and <= 1
            ? Cosine
            : throw new ArgumentOutOfRangeException(nameof(Cosine), Cosine, "must lie in [-1, 1]");

        public override int Rotations => From.Rotations + 1;

        public override NoiseAddress Origin => From.Origin;

        public override void Fill(Span<float> destination)
        {
            From.Fill(destination);
            var rented = ArrayPool<float>.Shared.Rent(destination.Length);
            try
            {
                var draw = rented.AsSpan(0, destination.Length);
                Toward.Fill(draw);
                Rotate(destination, draw, Cosine);
            }
            finally
            {
                ArrayPool<float>.Shared.Return(rented);
            }
        }

        // Sums run in double from the first element to the last: another order would give other bits.
        private static void Rotate(Span<float> n, ReadOnlySpan<float> draw, double cosine)
        {
            var (nn, nv) = (0.0, 0.0);
            for (var i = 0; i < n.Length; i++)
            {
                nn += (double)n[i] * n[i];
                nv += (double)n[i] * draw[i];
            }

            var along = nn > 0 ? nv / nn : 0;
            var ww = 0.0;
            for (var i = 0; i < n.Length; i++)
            {
                var w = draw[i] - (along * n[i]);
                ww += w * w;
            }

            if (ww == 0)
            {
                return;
            }

            var scale = Math.Sqrt(1 - (cosine * cosine)) * Math.Sqrt(nn) / Math.Sqrt(ww);
            for (var i = 0; i < n.Length; i++)
            {
                n[i] = (float)((cosine * n[i]) + (scale * (draw[i] - (along * n[i]))));
            }
        }
    }
}
