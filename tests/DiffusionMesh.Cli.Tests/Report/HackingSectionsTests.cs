using System.Xml.Linq;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Contracts.SearchV1;
using SearchMessage = DiffusionMesh.Contracts.SearchV1.Search;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed class HackingSectionsTests
{
    [Fact]
    public void Report_NoVerifierHeldOut_SaysNothingOfHacking()
    {
        var document = SampleSearch.Document();

        Assert.DoesNotContain("held out", ReportPage.Write(document, SampleSearch.Images(document), ""), StringComparison.Ordinal);
    }

    [Fact]
    public void Report_HackingAndDegradations_AreShown()
    {
        var search = Hacked();
        search.StopReason = StopReason.Hacking;
        search.Degradations.Add("'other' did not score 3 of 64 candidates, which the other verifiers judged (<down>).");
        var document = search.ToDocument(SampleSearch.Mesh());

        var page = ReportPage.Write(document, SampleSearch.Images(document), "");

        Assert.Contains("'other' did not score 3 of 64 candidates, which the other verifiers judged (&lt;down&gt;).", page.Replace("&#39;", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("scored by clip, judged by other", page, StringComparison.Ordinal);
        Assert.Contains("The search was stopped", page, StringComparison.Ordinal);
        Assert.Contains("<h2>Searched against held out</h2>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Figure_Rounds_LieWithinAndWarningsAreMarked(int rounds)
    {
        var search = Hacked();
        while (search.Hacking.Count > rounds)
        {
            search.Hacking.RemoveAt(search.Hacking.Count - 1);
        }

        var figure = HackingFigure.Draw(search.ToDocument(SampleSearch.Mesh()));

        var dots = figure.Descendants(Svg.Name("circle")).ToArray();
        Assert.Equal(search.Hacking.Count(round => round.Warning) + 1, dots.Length);
        Assert.All(dots, dot => Assert.InRange((double)dot.Attribute("cy")!, 0, 260));
        Assert.Equal(2, figure.Descendants(Svg.Name("path")).Count());
        Assert.DoesNotContain("NaN", figure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Drafts_InAReport_AreCountedAndTold()
    {
        var search = SampleSearch.Create(5);
        search.Candidates[3].ToNoiseLevel = 0.4;
        var document = search.ToDocument(SampleSearch.Mesh());

        var page = ReportPage.Write(document, SampleSearch.Images(document), ScoreFigure.Draw(document));

        Assert.Contains("<p class=\"muted\">one unfinished draft left out", page, StringComparison.Ordinal);
        Assert.Contains("seed 0 · one unfinished draft left out", XElement.Parse(ScoreFigure.Draw(document)).Value, StringComparison.Ordinal);
        Assert.Contains("→ 0.4", page, StringComparison.Ordinal);
    }

    private static SearchMessage Hacked()
    {
        var search = SampleSearch.Create(64, "a bag", "clip", "other");
        search.Spec.Verifiers[1].HeldOut = true;
        search.Hacking.Add(Enumerable.Range(0, 6).Select(round => new HackingRound
        {
            Round = round,
            Searched = round,
            HeldOut = -round * 0.5,
            Gap = round * 1.5,
            Diversity = 0.3,
            Warning = round > 0,
        }));
        return search;
    }
}
