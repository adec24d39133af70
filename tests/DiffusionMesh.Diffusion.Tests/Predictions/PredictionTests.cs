using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;

namespace DiffusionMesh.Diffusion.Tests.Predictions;

public class PredictionTests
{
    public static IEnumerable<object[]> FormsAndPredictions =>
        from form in Form.All.Names
        from prediction in Prediction.All.Names
        select new object[] { form, prediction };

    [Theory]
    [MemberData(nameof(FormsAndPredictions))]
    public void Conversions_KnownCleanSampleAndNoise_ComeBack(string formName, string predictionName)
    {
        var (form, prediction) = (Form.All[formName], Prediction.All[predictionName]);
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var point = form.At(form.NoisiestTime * (.05 + (.9 * random.NextDouble())));
            var (x0, e) = ((4 * random.NextDouble()) - 2, (4 * random.NextDouble()) - 2);
            var x = (point.Alpha * x0) + (point.Sigma * e);

            var p = prediction.FromCleanAndNoise(point).Apply(x0, e);

            var scale = Math.Max(1, Math.Abs(x));
            Assert.Equal(x0, prediction.ToCleanSample(point).Apply(x, p), 1e-10 * scale);
            Assert.Equal(e, prediction.ToNoise(point).Apply(x, p), 1e-10 * scale);
            var u = (point.AlphaRate * x0) + (point.SigmaRate * e);
            Assert.Equal(u, prediction.ToVelocity(point).Apply(x, p), 1e-10 * scale * Math.Max(1, Math.Abs(u)));
        }
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
        Assert.All(["velocity", "v", "x0"], name => Assert.True(Prediction.All[name].IsDefinedAt(pureNoise)));
    }
}
