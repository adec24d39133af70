using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionMesh.Diffusion.Tests.Predictions;

public class PredictionTests
{
    private static readonly Gen<double> Fractions = Gen.Choose(0, 1_000_000).Select(i => i / 1e6);

    // A form, a prediction, a point that is neither pure noise nor data, a clean sample and a noise.
    private static Arbitrary<Case> Cases => (
        from form in Gen.Elements(Form.All.Names.Select(name => Form.All[name]))
        from prediction in Gen.Elements(Prediction.All.Names.Select(name => Prediction.All[name]).Append(Prediction.Edm(1.3)))
        from fraction in Fractions
        from clean in Fractions
        from noise in Fractions
        select new Case(form, prediction, form.At(form.NoisiestTime * (.02 + (.96 * fraction))), (6 * clean) - 3, (6 * noise) - 3)).ToArbitrary();

    [Fact]
    public void Conversions_KnownCleanSampleAndNoise_ComeBack() => Prop.ForAll(Cases, one =>
    {
        var (_, prediction, point, clean, noise) = one;
        var x = (point.Alpha * clean) + (point.Sigma * noise);
        var u = (point.AlphaRate * clean) + (point.SigmaRate * noise);

        var p = prediction.FromCleanAndNoise(point).Apply(clean, noise);

        // Relative to how far an input's rounding reaches: a ratio that is far from 1 hides one of the two.
        var scale = (1 + Math.Abs(x)) * Math.Max(point.Ratio, 1 / point.Ratio);
        return Near(clean, prediction.ToCleanSample(point).Apply(x, p), scale)
            && Near(noise, prediction.ToNoise(point).Apply(x, p), scale)
            && Near(u, prediction.ToVelocity(point).Apply(x, p), scale * Math.Max(1, Math.Abs(u)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    // From one prediction to another and back.
    [Fact]
    public void Conversions_ByWayOfAnotherPrediction_ComeBack() => Prop.ForAll(Cases, Cases, (one, other) =>
    {
        var (_, prediction, point, clean, noise) = one;
        var x = (point.Alpha * clean) + (point.Sigma * noise);
        var p = prediction.FromCleanAndNoise(point).Apply(clean, noise);

        var q = other.Prediction.FromCleanAndNoise(point)
            .Apply(prediction.ToCleanSample(point).Apply(x, p), prediction.ToNoise(point).Apply(x, p));
        var back = prediction.FromCleanAndNoise(point)
            .Apply(other.Prediction.ToCleanSample(point).Apply(x, q), other.Prediction.ToNoise(point).Apply(x, q));

        var ratio = Math.Max(point.Ratio, 1 / point.Ratio);
        return Near(p, back, (1 + Math.Abs(x)) * (1 + Math.Abs(p)) * ratio * ratio * Math.Max(1, Math.Abs(point.SigmaRate)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    // D = c_skip x̃ + c_out F(c_in x̃, c_noise), the coefficients as table 1 of the paper prints them.
    [Theory]
    [InlineData("edm", .3)]
    [InlineData("vp", .3)]
    [InlineData("linear-flow", .9)]
    public void Edm_AnyForm_IsThePublishedPreconditioning(string formName, double fraction)
    {
        const double S = 1.3;
        var (form, prediction) = (Form.All[formName], Prediction.Edm(S));
        var point = form.At(fraction * form.NoisiestTime);
        var (x, f) = (.7, -.4);
        var (sigma, state) = (point.Ratio, x / point.Alpha);
        var cSkip = S * S / ((sigma * sigma) + (S * S));
        var cOut = sigma * S / Math.Sqrt((sigma * sigma) + (S * S));

        Assert.Equal((cSkip * state) + (cOut * f), prediction.ToCleanSample(point).Apply(x, f), 1e-12);
        Assert.Equal(state / Math.Sqrt((sigma * sigma) + (S * S)), prediction.InputScale(point) * x, 1e-12);
        Assert.Equal(Math.Log(sigma) / 4, prediction.NetworkTime(point), 1e-12);
    }

    [Fact]
    public void NetworkTime_EdmAtPureNoise_IsFinite()
    {
        Assert.Equal(Math.Log(80) / 4, Prediction.All["edm"].NetworkTime(Form.All["linear-flow"].At(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Edm_SigmaDataNotAboveZero_IsRefused(double sigmaData)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Prediction.Edm(sigmaData));
    }

    [Theory]
    [InlineData("linear-flow")]
    [InlineData("vp")]
    [InlineData("gvp")]
    public void Velocity_OfItself_IsExact(string formName)
    {
        Assert.Equal(new LinearMap(0, 1), Prediction.All["velocity"].ToVelocity(Form.All[formName].At(.37)));
    }

    // The formulas as the literature prints them, for one state.
    [Fact]
    public void Definitions_OneState_AreThePublished()
    {
        var point = Form.All["vp"].At(.4);
        var (x0, e) = (.7, -1.3);

        Assert.Equal(e, Prediction.All["epsilon"].FromCleanAndNoise(point).Apply(x0, e));
        Assert.Equal(x0, Prediction.All["x0"].FromCleanAndNoise(point).Apply(x0, e));
        Assert.Equal((point.Alpha * e) - (point.Sigma * x0), Prediction.All["v"].FromCleanAndNoise(point).Apply(x0, e), 1e-15);
        Assert.Equal(e - x0, Prediction.All["velocity"].FromCleanAndNoise(Form.All["linear-flow"].At(.4)).Apply(x0, e), 1e-15);
    }

    [Fact]
    public void IsDefinedAt_NoiseWhereNothingOfTheDataIsLeft_IsFalse()
    {
        var pureNoise = Form.All["linear-flow"].At(1);

        Assert.False(Prediction.All["epsilon"].IsDefinedAt(pureNoise));
        Assert.All(["velocity", "v", "x0", "edm"], name => Assert.True(Prediction.All[name].IsDefinedAt(pureNoise)));
    }

    private static bool Near(double expected, double actual, double scale) => Math.Abs(expected - actual) <= 1e-12 * scale;

    private sealed record Case(Form Form, Prediction Prediction, PathPoint Point, double Clean, double Noise);
}
