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

        foreach (var (from, to) in new[] { (.9, 0.0), (.9, .3), (.4, .2) })
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

    [Fact]
    public void Karras_FromPureNoise_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Schedule.All["karras"].Grid(Form.All["linear-flow"], 1, 0, 10));
    }
}
