using System.Numerics;

namespace DiffusionMesh.Diffusion.Predictions;

/// <summary>
/// y = a p + b q, element by element: computed in double, rounded once. Vectors give the bits of the scalar loop, as
/// products are rounded before they are added.
/// </summary>
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
        var (a, b) = (new Vector<double>(First), new Vector<double>(Second));
        var i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(p[i..]), out var pLow, out var pHigh);
            Vector.Widen(new Vector<float>(q[i..]), out var qLow, out var qHigh);
            Vector.Narrow((a * pLow) + (b * qLow), (a * pHigh) + (b * qHigh)).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (float)Apply(p[i], q[i]);
        }
    }
}
