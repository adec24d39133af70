using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

/// <summary>
/// Gaussian data of standard deviation s = 1/2: E[x0 | x] = α s² x / (α² s² + σ²). Its deterministic trajectories are
/// x(t) = x(T) sqrt(α² s² + σ²) / sqrt(α_T² s² + σ_T²), and every sampler is linear in its start and its noises.
/// </summary>
internal sealed class GaussianData : IKnownData
{
    private const double Variance = .25;

    public static double Deviation(PathPoint point) =>
        Math.Sqrt((point.Alpha * point.Alpha * Variance) + (point.Sigma * point.Sigma));

    public double CleanSample(PathPoint point, double x) =>
        point.Alpha * Variance / ((point.Alpha * point.Alpha * Variance) + (point.Sigma * point.Sigma)) * x;

    /// <summary>
    /// By which factor the sampler, without noise, scales a state from one end of the grid to the other: the mean over
    /// many states, in which their rounding to float averages out.
    /// </summary>
    public double Factor(Sampler sampler, Prediction prediction, TimeGrid grid)
    {
        const int States = 1024;
        var start = Enumerable.Range(0, States).Select(i => (float)(1 + ((i + .37) / States))).ToArray();
        var (end, _) = Trajectories.Run(
            sampler, new SamplerStart(grid, prediction, start) { Eta = sampler.DefaultEta is null ? null : 0 }, this);
        return end.Zip(start, (last, first) => (double)last / first).Average();
    }

    /// <summary>
    /// With which deviation the sampler ends if it starts with this one: the variance propagated exactly. The end state is
    /// Σ c_k z_k over the start and the noise of each step, all known; the coefficients come out by least squares over
    /// many elements, and the variance is the sum of their squares.
    /// </summary>
    public double EndDeviation(Sampler sampler, Prediction prediction, TimeGrid grid, double startDeviation)
    {
        const int Elements = 8192;
        var noise = NoiseAddress.Of(31, 4);
        var start = Trajectories.Draw(NoiseAddress.Of(31), Elements, startDeviation);
        var (end, _) = Trajectories.Run(sampler, new SamplerStart(grid, prediction, start) { Noise = noise }, this);

        // The step that lands at data draws none.
        var sources = new List<float[]> { start };
        for (var step = 1; step <= grid.Steps && grid[step].Sigma > 0; step++)
        {
            var draw = new float[Elements];
            noise.FillStep(grid[step].NoiseLevel, draw);
            sources.Add(draw);
        }

        var coefficients = LeastSquares.Solve([.. sources.Select(source => Array.ConvertAll(source, value => (double)value))], end);
        coefficients[0] *= startDeviation;
        return Math.Sqrt(coefficients.Sum(c => c * c));
    }
}
