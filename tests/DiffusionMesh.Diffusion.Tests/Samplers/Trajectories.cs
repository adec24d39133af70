using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Samplers;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

/// <summary>Data whose exact denoiser is known, element by element.</summary>
internal interface IKnownData
{
    /// <summary>E[x0 | x].</summary>
    double CleanSample(PathPoint point, double x);
}

internal static class Trajectories
{
    /// <summary>Runs a sampler to its end; returns its state and the number of evaluations that were counted.</summary>
    public static (float[] State, int Evaluations) Run(Sampler sampler, SamplerStart start, IKnownData data)
    {
        var run = sampler.Start(start with { State = [.. start.State] });
        var (predicted, evaluations) = (new float[start.State.Length], 0);
        while (!run.IsFinished)
        {
            Evaluate(run, start, data, predicted);
            evaluations++;
            run.Advance(predicted);
        }

        Assert.Equal(evaluations, run.Nfe);
        return (run.State, evaluations);
    }

    /// <summary>What an exact network of this prediction says of the run's next input.</summary>
    public static void Evaluate(SamplerRun run, SamplerStart start, IKnownData data, Span<float> predicted)
    {
        var point = run.Point;
        var map = start.Prediction.FromCleanAndNoise(point);
        for (var i = 0; i < predicted.Length; i++)
        {
            var clean = data.CleanSample(point, run.Input[i]);
            predicted[i] = (float)map.Apply(clean, (run.Input[i] - (point.Alpha * clean)) / point.Sigma);
        }
    }

    public static float[] Draw(NoiseAddress address, int length, double deviation = 1)
    {
        var values = new float[length];
        address.Fill(values);
        return [.. values.Select(value => (float)(deviation * value))];
    }
}
