using DiffusionMesh.Diffusion.Forms;
using DiffusionMesh.Diffusion.Noise;

namespace DiffusionMesh.Diffusion.Tests.Noise;

public class RenoisingTests
{
    public static IEnumerable<object[]> FormsAndLevels =>
        from form in Form.All.Names
        from levels in new[] { (.11, .89), (.4, .5) }
        select new object[] { form, levels.Item1, levels.Item2 };

    // Data of variance 1/4 at b has variance α² / 4 + σ²; noised up to f it must have that of f.
    [Theory]
    [MemberData(nameof(FormsAndLevels))]
    public void Apply_StatesOfOneLevel_HaveVarianceOfTheOther(string name, double from, double to)
    {
        const int Length = 200_000;
        var form = Form.All[name];
        var (b, f) = (form.At(form.TimeOf(from)), form.At(form.TimeOf(to)));
        var (state, draw) = (new float[Length], new float[Length]);
        NoiseAddress.Of(4, 0).Fill(state);
        NoiseAddress.Of(4, 1).Fill(draw);
        for (var i = 0; i < Length; i++)
        {
            state[i] = (float)(state[i] * Math.Sqrt((b.Alpha * b.Alpha / 4) + (b.Sigma * b.Sigma)));
        }

        Renoising.Apply(b, f, state, draw);

        var expected = (f.Alpha * f.Alpha / 4) + (f.Sigma * f.Sigma);
        Assert.Equal(1, state.Average(v => (double)v * v) / expected, .02);
    }

    [Fact]
    public void Apply_ToPureNoise_GivesTheDraw()
    {
        var form = Form.All["linear-flow"];
        float[] state = [1, 2, 3];

        Renoising.Apply(form.At(.2), form.At(1), state, [.1f, .2f, .3f]);

        Assert.Equal([.1f, .2f, .3f], state);
    }

    [Theory]
    [InlineData(.4)]
    [InlineData(1)]
    public void Apply_ToTheSameLevel_LeavesState(double level)
    {
        var point = Form.All["linear-flow"].At(level);
        float[] state = [1, 2, 3];

        Renoising.Apply(point, point, state, [.1f, .2f, .3f]);

        Assert.Equal([1, 2, 3], state);
    }
}
