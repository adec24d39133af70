using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Noise;
using DiffusionMesh.Diffusion.Predictions;
using DiffusionMesh.Diffusion.Samplers;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Samplers;

/// <summary>
/// Samplers that depend on log(α/σ) alone take the same path x/α in every form, if their grids visit the same points.
/// (Euler and Heun integrate in the form's own time and agree only in the limit.)
/// </summary>
public class TwinFormTests
{
    public static IEnumerable<object[]> Twins =>
        from sampler in Sampler.All.Names.Except(["euler", "heun"])
        from form in Form.All.Names.Except(["edm"])
        from schedule in new[] { "karras", "log-snr" }
        select new object[] { sampler, form, schedule };

    [Theory]
    [MemberData(nameof(Twins))]
    public void Run_TwinForms_AgreeToRounding(string sampler, string form, string schedule)
    {
        foreach (var (from, to) in new[] { (.97, .05), (.89, .08), (.95, 0.0) })
        {
            // VE has another smallest ratio: down to data its grid is another.
            if (form == "ve" && to == 0)
            {
                continue;
            }

            var (expected, actual) = (End(sampler, "edm", schedule, from, to), End(sampler, form, schedule, from, to));

            for (var i = 0; i < expected.Length; i++)
            {
                Assert.Equal(expected[i], actual[i], 2e-5 * Math.Max(1, Math.Abs(expected[i])));
            }
        }
    }

    // x/α at the end.
    private static double[] End(string sampler, string form, string schedule, double from, double to)
    {
        var grid = Schedule.All[schedule].Grid(Form.All[form], from, to, 14);
        var ratio = grid[0].Ratio;
        var start = Trajectories.Draw(NoiseAddress.Of(2), 256, grid[0].Alpha * Math.Sqrt(1 + (ratio * ratio)));
        var (end, _) = Trajectories.Run(
            Sampler.All[sampler], new SamplerStart(grid, Prediction.All["x0"], start) { Noise = NoiseAddress.Of(3) }, new MixtureData());
        return [.. end.Select(value => value / grid[14].Alpha)];
    }
}
