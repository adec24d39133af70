using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Cli.Report;
using DiffusionMesh.Contracts.SearchV1;

namespace DiffusionMesh.Cli.Tests.Report;

public sealed class ScoreCurveTests
{
    [Fact]
    public void Curve_OfASearch_CountsTheNfeOfAllCandidatesBefore()
    {
        var curve = Assert.Single(ScoreCurve.Of(SampleSearch.Document(5)));

        Assert.Equal([20, 40, 60, 80, 100], curve.Points.Select(point => point.Nfe));
        Assert.Equal(100, curve.NfeTotal);
    }

    [Fact]
    public void Best_OfACurve_IsTheRunningMaximum()
    {
        var curve = Assert.Single(ScoreCurve.Of(SampleSearch.Document()));

        Assert.Equal(curve.Points[0], curve.Best[0]);
        Assert.Equal(curve.Points.Max(point => point.Score), curve.Best[^1].Score);
        Assert.All(curve.Best.Zip(curve.Best.Skip(1)), pair => Assert.True(pair.Second.Score > pair.First.Score && pair.Second.Nfe > pair.First.Nfe));
    }

    [Fact]
    public void Best_WhereLowerIsBetter_IsTheRunningMinimum()
    {
        var curve = Assert.Single(ScoreCurve.Of(SampleSearch.Create().ToDocument(SampleSearch.Mesh(higherIsBetter: false))));

        Assert.Equal(curve.Points.Min(point => point.Score), curve.Best[^1].Score);
    }

    [Fact]
    public void Curve_WithAMissingScore_SkipsThePointAndKeepsItsCost()
    {
        var search = SampleSearch.Create(3);
        search.Candidates[1].Scores[0] = new VerifierScore { Verifier = "clip", Error = "no image" };

        var curve = Assert.Single(ScoreCurve.Of(search.ToDocument(SampleSearch.Mesh())));

        Assert.Equal([20, 60], curve.Points.Select(point => point.Nfe));
    }

    [Fact]
    public void Curve_WithADraft_SkipsThePointAndKeepsItsCost()
    {
        var search = SampleSearch.Create(3);
        search.Candidates[0].ToNoiseLevel = 0.4;

        var curve = Assert.Single(ScoreCurve.Of(search.ToDocument(SampleSearch.Mesh())));

        Assert.Equal([40, 60], curve.Points.Select(point => point.Nfe));
    }

    [Fact]
    public void Curve_OfAHeldOutVerifier_HasNoBest()
    {
        var search = SampleSearch.Create(5, "a bag", "clip", "other");
        search.Spec.Verifiers[1].HeldOut = true;

        var curves = ScoreCurve.Of(search.ToDocument(SampleSearch.Mesh()));

        Assert.Equal([false, true], curves.Select(curve => curve.HeldOut));
        Assert.Equal([true, false], curves.Select(curve => curve.Best.Count > 0));
        Assert.Equal(5, curves[1].Points.Count);
    }
}
