using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

/// <summary>
/// The exact denoiser of Gaussian data with standard deviation s = 1/2: E[x0 | x] = α s² x / (α² s² + σ²). Its
/// trajectories are x(t) = x(T) sqrt(α² s² + σ²) / sqrt(α_T² s² + σ_T²).
/// </summary>
internal sealed class GaussianData(Prediction prediction)
{
    private const double Variance = .25;

    public int Evaluations { get; private set; }

    public static double Deviation(PathPoint point) =>
        Math.Sqrt((point.Alpha * point.Alpha * Variance) + (point.Sigma * point.Sigma));

    public void Evaluate(SamplerRun run, Span<float> predicted)
    {
        Evaluations++;
        var point = run.Point;
        var clean = point.Alpha * Variance / ((point.Alpha * point.Alpha * Variance) + (point.Sigma * point.Sigma));
        var factor = prediction.FromCleanAndNoise(point).Apply(clean, (1 - (point.Alpha * clean)) / point.Sigma);
        for (var i = 0; i < predicted.Length; i++)
        {
            predicted[i] = (float)(factor * run.Input[i]);
        }
    }

    /// <summary>
    /// By which factor the sampler scales a state from one end of the grid to the other: the mean over many states, in
    /// which their rounding to float averages out.
    /// </summary>
    public double Factor(Sampler sampler, TimeGrid grid)
    {
        const int States = 4096;
        var start = Enumerable.Range(0, States).Select(i => (float)(1 + ((i + .37) / States))).ToArray();
        var run = sampler.Start(grid, prediction, [.. start]);
        var predicted = new float[States];
        while (!run.IsFinished)
        {
            Evaluate(run, predicted);
            run.Advance(predicted);
        }

        return run.State.Zip(start, (end, begin) => (double)end / begin).Average();
    }
}
