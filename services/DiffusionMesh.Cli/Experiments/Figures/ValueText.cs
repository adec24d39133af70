using System.Globalization;
using DiffusionMesh.Metrics;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>Writes values with their intervals.</summary>
internal static class ValueText
{
    /// <summary><c>1.234 ± 0.012</c>, as HTML.</summary>
    public static string WithReach(Interval value) => double.IsFinite(value.Low)
        ? $"{Number(value.Mean)} <small>± {Number((value.High - value.Low) / 2)}</small>"
        : Number(value.Mean);

    /// <summary><c>+0.123 [0.100, 0.146]</c>, as HTML.</summary>
    public static string Difference(Interval value) => double.IsFinite(value.Low)
        ? $"{Signed(value.Mean)} <small>[{Signed(value.Low)}, {Signed(value.High)}]</small>"
        : Signed(value.Mean);

    private static string Number(double value) => value.ToString(Math.Abs(value) >= 100 ? "0.0" : "0.000", CultureInfo.InvariantCulture);

    private static string Signed(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "+0.0;−0.0;0.0" : "+0.000;−0.000;0.000", CultureInfo.InvariantCulture);
}
