using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

/// <summary>A mixture of two Gaussians in one dimension, whose noised density and score are known.</summary>
internal sealed class MixtureData : IKnownData
{
    public static readonly (double Weight, double Mean, double Deviation)[] Components = [(.3, -1, .2), (.7, .8, .4)];

    public double CleanSample(PathPoint point, double x)
    {
        var (sum, total) = (0.0, 0.0);
        foreach (var (weight, mean, deviation) in Components)
        {
            var variance = (point.Alpha * point.Alpha * deviation * deviation) + (point.Sigma * point.Sigma);
            var share = weight * Normal(x - (point.Alpha * mean), variance);
            sum += share * (mean + (point.Alpha * deviation * deviation / variance * (x - (point.Alpha * mean))));
            total += share;
        }

        return sum / total;
    }

    /// <summary>d log p/dx of the noised density p.</summary>
    public static double Score(PathPoint point, double x)
    {
        var slope = 0.0;
        foreach (var (weight, mean, deviation) in Components)
        {
            var variance = (point.Alpha * point.Alpha * deviation * deviation) + (point.Sigma * point.Sigma);
            slope -= weight * Normal(x - (point.Alpha * mean), variance) * (x - (point.Alpha * mean)) / variance;
        }

        return slope / Density(point, x);
    }

    public static double Density(PathPoint point, double x) => Components.Sum(c => c.Weight * Normal(
        x - (point.Alpha * c.Mean), (point.Alpha * point.Alpha * c.Deviation * c.Deviation) + (point.Sigma * point.Sigma)));

    public static double Normal(double x, double variance) => Math.Exp(-x * x / (2 * variance)) / Math.Sqrt(2 * Math.PI * variance);
}
