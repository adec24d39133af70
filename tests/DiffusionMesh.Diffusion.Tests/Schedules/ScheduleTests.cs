using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Schedules;

namespace DiffusionMesh.Diffusion.Tests.Schedules;

public class ScheduleTests
{
    public static IEnumerable<object[]> All =>
        from form in Form.All.Names
        from schedule in Schedule.All.Names
        from steps in new[] { 1, 2, 3, 20 }
        select new object[] { form, schedule, steps };

    [Theory]
    [MemberData(nameof(All))]
    public void Grid_AnyFormAndSchedule_DescendsFromStartToEnd(string formName, string schedule, int steps)
    {
        var form = Form.All[formName];

        foreach (var (from, to) in new[] { (1, 0.0), (.9, 0), (.9, .3), (.4, .2), (.005, 0) })
        {
            var grid = Schedule.All[schedule].Grid(form, from, to, steps);

            Assert.Equal(steps, grid.Steps);
            Assert.Equal(form.TimeOf(from), grid.Times[0]);
            Assert.Equal(form.TimeOf(to), grid.Times[^1]);
            Assert.Equal(to == 0, grid.EndsAtData);
            Assert.Equal(to, grid[steps].NoiseLevel, 1e-12);
            for (var i = 0; i < steps; i++)
            {
                Assert.True(grid.Times[i] > grid.Times[i + 1]);
            }
        }
    }

    // The values that the paper's equation 5 gives for n = 18, σ from 80 to 0.002, ρ = 7.
    [Fact]
    public void Karras_EighteenSteps_GivesPublishedSigmas()
    {
        var times = Schedule.All["karras"].Grid(Form.All["edm"], 1, 0, 18).Times;

        Assert.Equal(80, times[0]);
        Assert.Equal(57.585985, times[1], 1e-6);
        Assert.Equal(40.785574, times[2], 1e-6);
        Assert.Equal(.007528, times[16], 1e-6);
        Assert.Equal(.002, times[17], 1e-15);
        Assert.Equal(0, times[18]);
    }

    [Fact]
    public void Uniform_LinearFlow_IsArithmetic()
    {
        var times = Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, 4).Times.ToArray();

        Assert.Equal([1, .75, .5, .25, 0], times);
    }

    [Fact]
    public void Uniform_SecondHalf_ContinuesTheWholeToTheBit()
    {
        var (schedule, form) = (Schedule.All["uniform"], Form.All["linear-flow"]);
        var whole = schedule.Grid(form, 1, 0, 20).Times.ToArray();

        Assert.Equal(whole[..11], schedule.Grid(form, 1, .5, 10).Times.ToArray());
        Assert.Equal(whole[10..], schedule.Grid(form, .5, 0, 10).Times.ToArray());
    }

    [Theory]
    [InlineData(.5, .5)]
    [InlineData(.2, .5)]
    [InlineData(1.1, 0)]
    [InlineData(1, -.1)]
    [InlineData(double.NaN, 0)]
    [InlineData(1, double.NaN)]
    public void Grid_LevelsThatDoNotDescend_IsRefused(double from, double to)
    {
        Assert.Throws<ArgumentException>(() => Schedule.All["uniform"].Grid(Form.All["linear-flow"], from, to, 10));
    }

    [Fact]
    public void Grid_BothLevelsBeyondTheForm_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Schedule.All["uniform"].Grid(Form.All["ve"], 1, .995, 10));

        Assert.Contains("noise levels up to 0.9804", error.Message, StringComparison.Ordinal);
    }

    // Pure noise stands where the ratio 80 would: the other points are the same.
    [Theory]
    [InlineData("karras")]
    [InlineData("log-snr")]
    public void RatioSchedule_FromPureNoise_ContinuesLikeFromTheLargestRatio(string name)
    {
        var form = Form.All["linear-flow"];

        var grid = Schedule.All[name].Grid(form, 1, 0, 10);
        var finite = Schedule.All[name].Grid(form, 80 / 81.0, 0, 10);

        Assert.Equal(1, grid.Times[0]);
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal(finite.Times[i], grid.Times[i], 1e-14);
        }

        Assert.Equal(.002, grid[9].Ratio, 1e-12);
    }

    [Fact]
    public void LogSnr_AnyForm_StepsEquallyInLogRatio()
    {
        foreach (var form in Form.All.Names)
        {
            var grid = Schedule.All["log-snr"].Grid(Form.All[form], .9, .1, 12);
            var steps = Enumerable.Range(0, 12).Select(i => Math.Log(grid[i].Ratio / grid[i + 1].Ratio));

            Assert.All(steps, step => Assert.Equal(Math.Log(81) / 12, step, 1e-10));
        }
    }

    // round(T - iT/n) - 1 and i (T div n) + 1 for T = 1000 and n = 7, as indices of training times.
    [Theory]
    [InlineData("ddpm-trailing", new[] { 1000, 857, 714, 571, 429, 286, 143 })]
    [InlineData("ddpm-leading", new[] { 1000, 712, 570, 428, 286, 144, 2 })]
    public void Ddpm_SevenSteps_AreThePublishedIndices(string name, int[] indices)
    {
        foreach (var form in new[] { "vp", "vp-cosine", "linear-flow" })
        {
            var times = Schedule.All[name].Grid(Form.All[form], 1, 0, 7).Times.ToArray();

            Assert.Equal(indices.Select(index => index / 1000.0 * Form.All[form].NoisiestTime).Append(0), times);
        }
    }

    [Theory]
    [InlineData("ddpm-trailing")]
    [InlineData("ddpm-leading")]
    public void Ddpm_MoreStepsThanTrainingTimes_AreEqualInTime(string name)
    {
        var form = Form.All["vp"];

        Assert.Equal(
            Schedule.All["uniform"].Grid(form, .9, .8, 500).Times.ToArray(), Schedule.All[name].Grid(form, .9, .8, 500).Times.ToArray());
    }

    [Theory]
    [InlineData(.25)]
    [InlineData(1)]
    [InlineData(3)]
    public void ResolutionShift_LinearFlow_IsThePublishedFormula(double m)
    {
        var times = Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, 5, m).Times;

        for (var i = 0; i <= 5; i++)
        {
            var t = 1 - (i / 5.0);
            Assert.Equal(m * t / (1 + ((m - 1) * t)), times[i], 1e-14);
        }
    }

    // Simple diffusion: log SNR = -2 ln tan(πt/2) + 2 ln(base/d).
    [Fact]
    public void ResolutionShift_Cosine_IsThePublishedFormula()
    {
        var grid = Schedule.All["uniform"].Grid(Form.All["gvp"], 1, 0, 8, 4);

        for (var i = 1; i < 8; i++)
        {
            var logSnr = (-2 * Math.Log(Math.Tan(Math.PI * (1 - (i / 8.0)) / 2))) + (2 * Math.Log(1 / 4.0));
            Assert.Equal(logSnr, -2 * Math.Log(grid[i].Ratio), 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void ResolutionShift_AnyFormAndSchedule_KeepsTheEndsAndDescends(string formName, string schedule, int steps)
    {
        var form = Form.All[formName];
        foreach (var (from, to) in new[] { (1.0, 0.0), (.9, .3), (.97, .95), (.02, 0), (.005, 0) })
        {
            foreach (var m in new[] { .01, .5, 2, 100 })
            {
                var grid = Schedule.All[schedule].Grid(form, from, to, steps, m);

                Assert.Equal(form.TimeOf(from), grid.Times[0]);
                Assert.Equal(form.TimeOf(to), grid.Times[^1]);
                for (var i = 0; i < steps; i++)
                {
                    Assert.True(grid.Times[i] > grid.Times[i + 1], $"{from} to {to}, {m}: {string.Join(" ", grid.Times.ToArray())}");
                }
            }
        }
    }

    [Fact]
    public void ResolutionShift_SecondHalf_ContinuesTheWhole()
    {
        var (schedule, form) = (Schedule.All["uniform"], Form.All["linear-flow"]);
        var whole = schedule.Grid(form, 1, 0, 20, 3);

        var rest = schedule.Grid(form, whole.Times[10], 0, 10, 3);

        for (var i = 0; i <= 10; i++)
        {
            Assert.Equal(whole.Times[10 + i], rest.Times[i], 1e-14);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ResolutionShift_NotAboveZero_IsRefused(double shift)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Schedule.All["uniform"].Grid(Form.All["linear-flow"], 1, 0, 10, shift));
    }
}
