using System.Numerics;

namespace DiffusionMesh.Diffusion.Predictions;

/// <summary>
/// Sums of more terms than a <see cref="LinearMap"/> has: computed in double from the first term to the last, rounded
/// once. The destination may be one of the sources.
/// </summary>
internal static class LinearSum
{
    /// <summary>y = map(p, q) + c r.</summary>
    public static void Apply(
        LinearMap map, ReadOnlySpan<float> p, ReadOnlySpan<float> q, double c, ReadOnlySpan<float> r, Span<float> destination)
    {
        p = p[..destination.Length];
        q = q[..destination.Length];
        r = r[..destination.Length];
        var (va, vb, vc) = (new Vector<double>(map.First), new Vector<double>(map.Second), new Vector<double>(c));
        var i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(p[i..]), out var pLow, out var pHigh);
            Vector.Widen(new Vector<float>(q[i..]), out var qLow, out var qHigh);
            Vector.Widen(new Vector<float>(r[i..]), out var rLow, out var rHigh);
            Vector.Narrow((va * pLow) + (vb * qLow) + (vc * rLow), (va * pHigh) + (vb * qHigh) + (vc * rHigh))
                .CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (float)(map.Apply(p[i], q[i]) + (c * r[i]));
        }
    }

    /// <summary>y = first(p, q) + second(r, s).</summary>
    public static void Apply(
        LinearMap first,
        ReadOnlySpan<float> p,
        ReadOnlySpan<float> q,
        LinearMap second,
        ReadOnlySpan<float> r,
        ReadOnlySpan<float> s,
        Span<float> destination)
    {
        p = p[..destination.Length];
        q = q[..destination.Length];
        r = r[..destination.Length];
        s = s[..destination.Length];
        var (va, vb) = (new Vector<double>(first.First), new Vector<double>(first.Second));
        var (vc, vd) = (new Vector<double>(second.First), new Vector<double>(second.Second));
        var i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(p[i..]), out var pLow, out var pHigh);
            Vector.Widen(new Vector<float>(q[i..]), out var qLow, out var qHigh);
            Vector.Widen(new Vector<float>(r[i..]), out var rLow, out var rHigh);
            Vector.Widen(new Vector<float>(s[i..]), out var sLow, out var sHigh);
            Vector.Narrow(
                ((va * pLow) + (vb * qLow)) + ((vc * rLow) + (vd * sLow)),
                ((va * pHigh) + (vb * qHigh)) + ((vc * rHigh) + (vd * sHigh))).CopyTo(destination[i..]);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (float)(first.Apply(p[i], q[i]) + second.Apply(r[i], s[i]));
        }
    }
}
