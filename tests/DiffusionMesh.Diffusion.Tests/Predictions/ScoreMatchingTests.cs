using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Tests.Samplers;

namespace DiffusionMesh.Diffusion.Tests.Predictions;

/// <summary>
/// Denoising score matching (Vincent, "A Connection Between Score Matching and Denoising Autoencoders", 2011): regressing
/// on what the pair of data and noise says gives the function that regressing on the score of the noised density gives.
/// On a Gaussian mixture both sides are known; functions are sums over a basis, means are sums over fine grids.
/// </summary>
public class ScoreMatchingTests
{
    private const int Points = 600;

    private static readonly Func<double, double>[] Basis =
    [
        _ => 1, x => x, x => Math.Exp(-x * x), x => Math.Tanh(2 * x), x => Math.Exp(-(x - 1) * (x - 1)), x => 1 / (1 + (x * x)),
    ];

    public static IEnumerable<object[]> FormsPredictionsAndLevels =>
        from form in Form.All.Names
        from prediction in Prediction.All.Names
        from level in new[] { .2, .5, .8 }
        select new object[] { form, prediction, level };

    [Theory]
    [MemberData(nameof(FormsPredictionsAndLevels))]
    public void Minimiser_ConditionalAndMarginalTarget_IsTheSame(string formName, string prediction, double level)
    {
        var form = Form.All[formName];
        var point = form.At(form.TimeOf(level));
        var target = Prediction.All[prediction].FromCleanAndNoise(point);

        var conditional = Minimiser(point, Pairs(point).Select(pair => (pair.X, pair.Weight, target.Apply(pair.Clean, pair.Noise))));
        var marginal = Minimiser(point, Marginal(point).Select(at =>
        {
            // ε = -σ score, x0 = (x - σ ε)/α.
            var noise = -point.Sigma * MixtureData.Score(point, at.X);
            return (at.X, at.Weight, target.Apply((at.X - (point.Sigma * noise)) / point.Alpha, noise));
        }));

        for (var i = 0; i < Basis.Length; i++)
        {
            Assert.Equal(marginal[i], conditional[i], 1e-6 * Math.Max(1, marginal.Max(Math.Abs)));
        }
    }

    // The denoiser that the tests of samplers use is that minimiser without the bounds of a basis.
    [Theory]
    [InlineData(.2)]
    [InlineData(.8)]
    public void CleanSample_OfMixture_FollowsFromTheScore(double level)
    {
        var point = Form.All["vp"].At(Form.All["vp"].TimeOf(level));
        foreach (var x in new[] { -2, -.3, 0, .9, 2.5 })
        {
            var noise = -point.Sigma * MixtureData.Score(point, x);
            Assert.Equal((x - (point.Sigma * noise)) / point.Alpha, new MixtureData().CleanSample(point, x), 1e-10);
        }
    }

    private static double[] Minimiser(PathPoint point, IEnumerable<(double X, double Weight, double Target)> samples)
    {
        // In units of the state's own scale, so that the basis fits every form.
        var scale = Math.Sqrt((point.Alpha * point.Alpha) + (point.Sigma * point.Sigma));
        var moments = Basis.Select(_ => new double[Basis.Length]).ToArray();
        var right = new double[Basis.Length];
        foreach (var (x, weight, target) in samples)
        {
            var features = Array.ConvertAll(Basis, feature => feature(x / scale));
            for (var i = 0; i < features.Length; i++)
            {
                right[i] += weight * features[i] * target;
                for (var j = 0; j < features.Length; j++)
                {
                    moments[i][j] += weight * features[i] * features[j];
                }
            }
        }

        return LeastSquares.SolveSymmetric(moments, right);
    }

    private static IEnumerable<(double X, double Clean, double Noise, double Weight)> Pairs(PathPoint point)
    {
        foreach (var (weight, mean, deviation) in MixtureData.Components)
        {
            foreach (var (u, ofData) in Normal(Points / 4))
            {
                foreach (var (noise, ofNoise) in Normal(Points / 4))
                {
                    var clean = mean + (deviation * u);
                    yield return ((point.Alpha * clean) + (point.Sigma * noise), clean, noise, weight * ofData * ofNoise);
                }
            }
        }
    }

    private static IEnumerable<(double X, double Weight)> Marginal(PathPoint point)
    {
        var width = (3 * point.Alpha) + (9 * Math.Sqrt((point.Alpha * point.Alpha) + (point.Sigma * point.Sigma)));
        for (var i = 0; i < 4 * Points; i++)
        {
            var x = width * (((2.0 * i) / ((4 * Points) - 1)) - 1);
            yield return (x, MixtureData.Density(point, x) * 2 * width / ((4 * Points) - 1));
        }
    }

    // Equal steps within nine deviations: for smooth functions of a Gaussian exact to rounding.
    private static IEnumerable<(double Value, double Weight)> Normal(int points)
    {
        for (var i = 0; i < points; i++)
        {
            var value = 9 * (((2.0 * i) / (points - 1)) - 1);
            yield return (value, MixtureData.Normal(value, 1) * 18 / (points - 1));
        }
    }
}
