using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Samplers;

/// <summary>A run whose steps extrapolate from the x-prediction of the step before.</summary>
internal abstract class MultistepRun(SamplerStart start) : SamplerRun(start)
{
    private readonly float[] _clean = new float[start.State.Length];

    // h of the step before; infinite while there is none, as extrapolation then has no weight.
    private double _lastLength = double.PositiveInfinity;

    /// <summary>D_(i-1); zeros at the first step.</summary>
    protected float[] LastClean { get; private set; } = new float[start.State.Length];

    protected sealed override void Use(ReadOnlySpan<float> predicted)
    {
        var clean = Prediction.ToCleanSample(Grid[StepsDone]);
        clean.Apply(State, predicted, _clean);
        var q = StepLength.Decay(Grid[StepsDone], Grid[StepsDone + 1]);
        var length = -Math.Log(q);
        Step(clean, predicted, q, double.IsFinite(length) ? length / (2 * _lastLength) : 0);
        _lastLength = length;
        _clean.CopyTo(LastClean.AsSpan());
        StepsDone++;
    }

    /// <summary>Replaces the state.</summary>
    /// <param name="clean">What makes D_i from the state and the prediction.</param>
    /// <param name="predicted">By the network.</param>
    /// <param name="q">e^(-h).</param>
    /// <param name="correction">1/(2r): D_i - D_(i-1) enters with this weight.</param>
    protected abstract void Step(LinearMap clean, ReadOnlySpan<float> predicted, double q, double correction);
}
