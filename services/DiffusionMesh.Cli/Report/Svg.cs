using System.Globalization;
using System.Xml.Linq;

namespace DiffusionMesh.Cli.Report;

/// <summary>The few shapes that the figure is made of.</summary>
internal static class Svg
{
    private static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    private static readonly Dictionary<string, string> Colours = new(StringComparer.Ordinal)
    {
        ["ink"] = "#1b1f24",
        ["muted"] = "#57606a",
        ["grid"] = "#dfe3e8",
        ["dot"] = "#9aa4b0",
        ["curve"] = "#0b5cad",
        ["winner"] = "#c2410c",
        ["real"] = "#3f7d4e",
        ["series0"] = "#1b1f24",
        ["series1"] = "#0b5cad",
        ["series2"] = "#c2410c",
        ["series3"] = "#3f7d4e",
        ["series4"] = "#8b3fa8",
        ["series5"] = "#a16207",
        ["series6"] = "#0e7490",
        ["series7"] = "#be185d",
    };

    /// <summary>Colours <c>series0</c> and on, for curves that share a panel; the first is ink.</summary>
    public const int SeriesColours = 8;

    /// <summary>Keeps a label legible over what it covers.</summary>
    private static XAttribute[] Halo =>
    [
        new("stroke", "#ffffff"), new("stroke-width", "4"), new("stroke-linejoin", "round"), new("paint-order", "stroke"),
    ];

    public static XName Name(string element) => Namespace + element;

    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    public static XElement Text(
        double x, double y, string text, string colour, string anchor, double size, bool bold = false, double rotation = 0) => new(
            Name("text"),
            new XAttribute("class", $"{colour}-text"),
            new XAttribute("x", Number(x)),
            new XAttribute("y", Number(y)),
            new XAttribute("fill", Colours[colour]),
            new XAttribute("font-size", Number(size)),
            new XAttribute("text-anchor", anchor),
            bold ? new XAttribute("font-weight", "600") : null,
            colour == "winner" ? Halo : null,
            rotation == 0 ? null : new XAttribute("transform", $"rotate({Number(rotation)} {Number(x)} {Number(y)})"),
            text);

    public static XElement Line(double x1, double y1, double x2, double y2, string colour, double width, string? dashes = null) => new(
        Name("line"),
        new XAttribute("class", $"{colour}-line"),
        new XAttribute("x1", Number(x1)),
        new XAttribute("y1", Number(y1)),
        new XAttribute("x2", Number(x2)),
        new XAttribute("y2", Number(y2)),
        new XAttribute("stroke", Colours[colour]),
        new XAttribute("stroke-width", Number(width)),
        dashes is null ? null : new XAttribute("stroke-dasharray", dashes));

    public static XElement Path(string path, string colour, double width, string? dashes = null) => new(
        Name("path"),
        new XAttribute("class", $"{colour}-line"),
        new XAttribute("d", path),
        new XAttribute("fill", "none"),
        new XAttribute("stroke", Colours[colour]),
        new XAttribute("stroke-width", Number(width)),
        dashes is null ? null : new XAttribute("stroke-dasharray", dashes),
        new XAttribute("stroke-linejoin", "round"));

    /// <summary>A closed shape.</summary>
    public static XElement Shape(string path, string colour, string title) => new(
        Name("path"),
        new XAttribute("class", $"{colour}-fill"),
        new XAttribute("d", path),
        new XAttribute("fill", Colours[colour]),
        new XElement(Name("title"), title));

    public static XElement Dot(double x, double y, double radius, string colour, string title) => new(
        Name("circle"),
        new XAttribute("class", $"{colour}-fill"),
        new XAttribute("cx", Number(x)),
        new XAttribute("cy", Number(y)),
        new XAttribute("r", Number(radius)),
        new XAttribute("fill", Colours[colour]),
        new XElement(Name("title"), title));
}
