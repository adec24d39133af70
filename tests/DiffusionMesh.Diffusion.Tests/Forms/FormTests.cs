using DiffusionMesh.Diffusion.Forms;

namespace DiffusionMesh.Diffusion.Tests.Forms;

public class FormTests
{
    public static IEnumerable<object[]> FormsAndFractions =>
        from form in Form.All.Names
        from fraction in new[] { .05, .1, .25, .5, .75, .9, .99 }
        select new object[] { form, fraction };

    public static TheoryData<string> Names => new(Form.All.Names);

    [Theory]
    [MemberData(nameof(FormsAndFractions))]
    public void At_AnyTime_GivesDerivatives(string name, double fraction)
    {
        var form = Form.All[name];
        var t = fraction * form.NoisiestTime;
        var h = 1e-5 * t;
        var (before, point, after) = (form.At(t - h), form.At(t), form.At(t + h));

        Assert.Equal((after.Alpha - before.Alpha) / (2 * h), point.AlphaRate, 1e-7 * Math.Max(1, Math.Abs(point.AlphaRate)));
        Assert.Equal((after.Sigma - before.Sigma) / (2 * h), point.SigmaRate, 1e-7 * Math.Max(1, Math.Abs(point.SigmaRate)));
    }

    [Theory]
    [MemberData(nameof(FormsAndFractions))]
    public void TimeOf_LevelOfTime_GivesTheTimeBack(string name, double fraction)
    {
        var form = Form.All[name];
        var t = fraction * form.NoisiestTime;

        Assert.Equal(t, form.TimeOf(form.At(t).NoiseLevel), 1e-12 * form.NoisiestTime);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TimeOf_PureNoise_IsNoisiestTime(string name)
    {
        var form = Form.All[name];

        Assert.Equal(form.NoisiestTime, form.TimeOf(1));
        Assert.Equal(form.NoisiestTime, form.TimeOfRatio(double.PositiveInfinity));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TimeOf_Levels_Ascends(string name)
    {
        var times = Enumerable.Range(0, 99).Select(i => Form.All[name].TimeOf(i / 100.0)).ToArray();

        Assert.Equal(times.Order(), times);
        Assert.True(times[0] is 0 or double.NegativeInfinity);
    }

    [Fact]
    public void LinearFlow_Time_IsNoiseLevel()
    {
        var form = Form.All["linear-flow"];

        Assert.Equal(.3, form.TimeOf(.3));
        Assert.Equal(new PathPoint(.25, .75, .25, -1, 1), form.At(.25));
    }

    // α(1) = exp(-5.025), from the published constants.
    [Fact]
    public void VariancePreserving_End_HasPublishedAlpha()
    {
        var end = Form.All["vp"].At(1);

        Assert.Equal(.006571586, end.Alpha, 1e-9);
        Assert.Equal(1, (end.Alpha * end.Alpha) + (end.Sigma * end.Sigma), 1e-15);
    }

    [Fact]
    public void SubVariancePreserving_AnyTime_HasPublishedSigma()
    {
        var (point, vp) = (Form.All["sub-vp"].At(.3), Form.All["vp"].At(.3));

        Assert.Equal(vp.Alpha, point.Alpha);
        Assert.Equal(1 - (vp.Alpha * vp.Alpha), point.Sigma, 1e-15);
    }

    // ᾱ(t) = f(t)/f(0), f(t) = cos²(π/2 (t + s)/(1 + s)) with s = 0.008.
    [Theory]
    [InlineData(.001)]
    [InlineData(.5)]
    [InlineData(.999)]
    public void CosineVariancePreserving_AnyTime_HasPublishedAlpha(double time)
    {
        static double F(double t) => Math.Pow(Math.Cos(Math.PI / 2 * (t + .008) / 1.008), 2);
        var point = Form.All["vp-cosine"].At(time);

        Assert.Equal(F(time) / F(0), point.Alpha * point.Alpha, 1e-14);
        Assert.Equal(1, (point.Alpha * point.Alpha) + (point.Sigma * point.Sigma), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TimeOfRatio_AnyRatioOfTheForm_IsWhereItIs(string name)
    {
        var form = Form.All[name];
        for (var ratio = form.SmallestRatio; ratio < Math.Min(1e4, form.At(form.NoisiestTime).Ratio); ratio *= 1.7)
        {
            Assert.Equal(1, form.At(form.TimeOfRatio(ratio)).Ratio / ratio, 1e-10);
        }
    }

    [Fact]
    public void VarianceExploding_Ends_HavePublishedSigmas()
    {
        var form = Form.All["ve"];

        Assert.Equal(.01, form.At(0).Sigma, 1e-15);
        Assert.Equal(50, form.At(1).Sigma, 1e-12);
    }

    [Fact]
    public void Catalog_UnknownName_ListsTheKnown()
    {
        var error = Assert.Throws<KeyNotFoundException>(() => Form.All["cosine"]);

        Assert.Equal("\"cosine\" is unknown; known are: edm, gvp, linear-flow, sub-vp, ve, vp, vp-cosine", error.Message);
    }

    [Fact]
    public void Catalog_SameNameTwice_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Catalog<Form>(Form.All["vp"], Form.All["vp"]));
    }
}
