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

        Assert.Equal("\"cosine\" is unknown; known are: edm, gvp, linear-flow, ve, vp", error.Message);
    }

    [Fact]
    public void Catalog_SameNameTwice_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new Catalog<Form>(Form.All["vp"], Form.All["vp"]));
    }
}
