using System.Globalization;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>Durations as people say them.</summary>
internal static class TimeText
{
    /// <summary>For example <c>6 h 18 min</c>, <c>5 min</c>, <c>2.5 s</c>: never less than it is.</summary>
    public static string Of(TimeSpan time)
    {
        if (time < TimeSpan.FromMinutes(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds * 10) / 10:0.#} s");
        }

        var minutes = (long)Math.Ceiling(time.TotalMinutes);
        return (minutes / 60, minutes % 60) switch
        {
            (0, var left) => string.Create(CultureInfo.InvariantCulture, $"{left} min"),
            (var hours, 0) => string.Create(CultureInfo.InvariantCulture, $"{hours} h"),
            var (hours, left) => string.Create(CultureInfo.InvariantCulture, $"{hours} h {left} min"),
        };
    }
}
