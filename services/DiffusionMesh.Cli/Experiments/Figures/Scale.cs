using System.Globalization;

namespace DiffusionMesh.Cli.Experiments.Figures;

/// <summary>A horizontal axis with a tick at every value that is shown; logarithmic where values span much.</summary>
internal sealed class Scale
{
    // Wider spans are shown by their logarithm.
    private const double LinearSpan = 7;
    private const double Margin = 20;
    private const double ClosestTicks = 26;

    private readonly bool _logarithmic;
    private readonly (double Low, double High) _values;
    private readonly (double Start, double End) _places;

    public Scale(IEnumerable<double> values, double start, double end, bool mayBeLogarithmic)
    {
        var all = values.Distinct().Order().ToArray();
        _logarithmic = mayBeLogarithmic && all[0] > 0 && all[^1] / all[0] > LinearSpan;
        _values = (Of(all[0]), Of(all[^1]));
        _places = (start + Margin, end - Margin);
        var ticks = new List<double>();
        foreach (var value in all)
        {
            if (ticks.Count == 0 || Position(value) - Position(ticks[^1]) >= ClosestTicks)
            {
                ticks.Add(value);
            }
        }

        Ticks = ticks;
    }

    public IReadOnlyList<double> Ticks { get; }

    public double Position(double value) => _values.High > _values.Low
        ? _places.Start + ((Of(value) - _values.Low) / (_values.High - _values.Low) * (_places.End - _places.Start))
        : (_places.Start + _places.End) / 2;

    public static string Label(double value) => Math.Abs(value) >= 1e6
        ? value.ToString("0.#e0", CultureInfo.InvariantCulture)
        : value.ToString("0.###", CultureInfo.InvariantCulture);

    private double Of(double value) => _logarithmic ? Math.Log(value) : value;
}
