using System.Text.RegularExpressions;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed partial class ReportPageTests
{
    [Fact]
    public void Page_OfASearch_NeedsNothingBesideIt()
    {
        var page = Write(SampleSearch.Document());

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.All(Addresses().Matches(page), address => Assert.StartsWith("data:image/png;base64,", address.Groups[1].Value, StringComparison.Ordinal));
        Assert.Equal(1 + 64, Addresses().Count(page));
    }

    [Fact]
    public void Page_OfASearch_ShowsLedgerSpecificationAndEveryCandidate()
    {
        var document = SampleSearch.Document();

        var page = Write(document);

        Assert.Contains("image-rendering: pixelated", page, StringComparison.Ordinal);
        Assert.Contains(document.Search.Spec.ModelDigest, page, StringComparison.Ordinal);
        Assert.Contains("<th>NFE wasted</th>", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.All(document.Candidates, candidate => Assert.Contains($"<td>{candidate.Id}</td>", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_WithAHostilePrompt_EscapesIt()
    {
        var page = Write(SampleSearch.Document(2, "<script>alert('x')</script>"));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WithoutAScoredCandidate_SaysSo()
    {
        var page = Write(SampleSearch.Document(0));

        Assert.Contains("No candidate was scored", page, StringComparison.Ordinal);
    }

    private static string Write(SearchDocument document) =>
        ReportPage.Write(document, SampleSearch.Images(document), ScoreFigure.Draw(document));

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Addresses();
}
