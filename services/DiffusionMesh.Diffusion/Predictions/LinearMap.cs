namespace DiffusionMesh.Diffusion.Predictions;

/// <summary>y = a p + b q, element by element: computed in double, rounded once.</summary>
/// <param name="First">a.</param>
/// <param name="Second">b.</param>
public readonly record struct LinearMap(double First, double Second)
{
    public double Apply(double p, double q) => (First * p) + (Second * q);

    /// <summary>Applies the map to every element. The destination may be one of the sources.</summary>
    public void Apply(ReadOnlySpan<float> p, ReadOnlySpan<float> q, Span<float> destination)
    {
        p = p[..destination.Length];
        q = q[..destination.Length];
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = (float)Apply(p[i], q[i]);
        }
    }
}
