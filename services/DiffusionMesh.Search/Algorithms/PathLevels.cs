using System.Collections.Immutable;

namespace DiffusionMesh.Search.Algorithms;

/// <summary>
/// The noise levels that search over paths goes through: from σ up by Δf, back by Δb, until σ = 0. They are computed as
/// decimals: rounding of binary fractions would add a round where Δb - Δf divides σ.
/// </summary>
/// <param name="Start">σ at which the first legs end, in (0, 1).</param>
/// <param name="Forward">Δf, at most 1 - σ.</param>
/// <param name="Backward">Δb, more than Δf.</param>
internal readonly record struct PathLevels(double Start, double Forward, double Backward)
{
    /// <summary>Most rounds that a path may take.</summary>
    public const int MaxRounds = 1000;

    /// <summary>σ + Δf, the noisiest level.</summary>
    public decimal Noisiest => (decimal)Start + (decimal)Forward;

    /// <summary>Δb - Δf, what a round gains.</summary>
    public decimal Gain => (decimal)Backward - (decimal)Forward;

    /// <summary>How many times paths are noised up and followed back: ceil(σ/(Δb - Δf)).</summary>
    public decimal RoundCount => Math.Ceiling((decimal)Start / Gain);

    /// <summary>The level to which each round noises up, and the one to which it goes back; the last is 0.</summary>
    public ImmutableArray<(double From, double To)> Rounds()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Gain);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(RoundCount, MaxRounds);
        var rounds = ImmutableArray.CreateBuilder<(double From, double To)>();
        for (var sigma = (decimal)Start; sigma > 0;)
        {
            var noisy = sigma + (decimal)Forward;
            sigma = Math.Max(noisy - (decimal)Backward, 0);
            rounds.Add(((double)noisy, (double)sigma));
        }

        return rounds.ToImmutable();
    }
}
