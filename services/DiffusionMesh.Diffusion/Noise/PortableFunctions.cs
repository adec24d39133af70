using System.Numerics;

namespace DiffusionMesh.Diffusion.Noise;

/// <summary>
/// Logarithm, sine and cosine from + - × ÷ alone in a fixed order, so that every machine computes the same bits; the
/// platform's own functions differ between C libraries. Accurate to a few units in the last place of a double.
/// </summary>
internal static class PortableFunctions
{
    // ln 2 in two parts: the first has so few bits that its product with an exponent is exact.
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;

    private const double QuarterPi = Math.PI / 4;

    /// <summary>ln u for the uniform u = (word + 1/2) 2^-32.</summary>
    public static double LogOfUniform(uint word) => LogOfDyadic((2UL * word) + 1, 33);

    /// <summary>ln(numerator 2^-places), the numerator in 1 to 2^53.</summary>
    public static double LogOfDyadic(ulong numerator, int places)
    {
        // m 2^exponent, all exact, m in [sqrt(1/2), sqrt(2)).
        var bits = 64 - BitOperations.LeadingZeroCount(numerator);
        var m = numerator / (double)(1UL << bits);
        var exponent = bits - places;
        if (m < 0.70710678118654752)
        {
            m *= 2;
            exponent--;
        }

        // ln m = 2 artanh s with s = (m - 1)/(m + 1), |s| < .1716: the series ends where its terms fall below 1e-17.
        var s = (m - 1) / (m + 1);
        var z = s * s;
        var series = 1.0 / 23;
        for (var k = 21; k >= 3; k -= 2)
        {
            series = (series * z) + (1.0 / k);
        }

        var logM = (2 * s) + (2 * s * (series * z));
        return (exponent * Ln2High) + (logM + (exponent * Ln2Low));
    }

    /// <summary>Sine and cosine of 2πv for the uniform v = (word + 1/2) 2^-32.</summary>
    public static (double Sin, double Cos) SinCosOfTurn(uint word)
    {
        // v = octant/8 + fraction/8, exact.
        var odd = (2UL * word) + 1;
        return SinCosOfOctant((int)(odd >> 30), (odd & ((1UL << 30) - 1)) / (double)(1UL << 30));
    }

    /// <summary>Sine and cosine of an angle in [0, 2π).</summary>
    public static (double Sin, double Cos) SinCos(double angle)
    {
        var octants = angle / QuarterPi;
        var octant = (int)octants;
        return SinCosOfOctant(octant & 7, octants - octant);
    }

    // Odd octants count their angle from the far end.
    private static (double Sin, double Cos) SinCosOfOctant(int octant, double fraction)
    {
        var angle = ((octant & 1) == 0 ? fraction : 1 - fraction) * QuarterPi;
        var (sin, cos) = (Sin(angle), Cos(angle));
        return octant switch
        {
            0 => (sin, cos),
            1 => (cos, sin),
            2 => (cos, -sin),
            3 => (sin, -cos),
            4 => (-sin, -cos),
            5 => (-cos, -sin),
            6 => (-cos, sin),
            _ => (-sin, cos),
        };
    }

    // Taylor series on [0, π/4], by Horner's rule; the terms left out are below 1e-17.
    private static double Sin(double x)
    {
        var z = x * x;
        var series = 1.0;
        for (var k = 18; k >= 2; k -= 2)
        {
            series = 1 - (z / (k * (k + 1)) * series);
        }

        return x * series;
    }

    private static double Cos(double x)
    {
        var z = x * x;
        var series = 1.0;
        for (var k = 17; k >= 1; k -= 2)
        {
            series = 1 - (z / (k * (k + 1)) * series);
        }

        return series;
    }
}
