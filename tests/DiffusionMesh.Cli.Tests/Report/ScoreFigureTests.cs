using System.Globalization;
using System.Xml.Linq;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed class ScoreFigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Figure_OfASearch_HasTitledAxesWithTicks()
    {
        var texts = Texts(SampleSearch.Document());

        Assert.Contains("Best score against NFE", texts);
        Assert.Contains("NFE spent by the search", texts);
        Assert.Contains("clip score", texts);
        Assert.Contains("1\u2009200", texts);
        Assert.Contains("1.2", texts);
    }

    [Fact]
    public void Figure_OfSeveralVerifiers_HasAPanelForEach()
    {
        var texts = Texts(SampleSearch.Document(10, "a bag", "clip", "other"));

        Assert.Contains("clip score", texts);
        Assert.Contains("other score", texts);
    }

    [Fact]
    public void Curve_OfASearch_StepsUpAtEveryImprovementAndRunsToTheEnd()
    {
        var document = SampleSearch.Document();
        var curve = Assert.Single(ScoreCurve.Of(document));

        var path = Parse(document).Descendants(Svg + "path").Single().Attribute("d")!.Value;

        Assert.Equal(curve.Best.Count - 1, path.Count(letter => letter == 'V'));
        Assert.EndsWith(ScoreFigure.Width - 26 + "", path, StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_WithAHostilePrompt_StaysWellFormed()
    {
        Assert.Contains(Texts(SampleSearch.Document(3, "</svg><script>&\"")), text => text.Contains("</svg><script>&\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Figure_OfAlmostNothing_HoldsNumbersOnly(int candidates)
    {
        var figure = Parse(SampleSearch.Document(candidates));

        var places = figure.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "x" or "y" or "x1" or "y1" or "x2" or "y2" or "cx" or "cy");
        Assert.All(places, place => Assert.True(double.IsFinite(double.Parse(place.Value, CultureInfo.InvariantCulture))));
    }

    private static XElement Parse(SearchDocument document) => XElement.Parse(ScoreFigure.Draw(document));

    private static string[] Texts(SearchDocument document) =>
        [.. Parse(document).Descendants(Svg + "text").Select(text => text.Value)];
}
