using DiffusionMesh.Search.Algorithms;

namespace DiffusionMesh.Search.Tests.Algorithms;

public sealed class AlgorithmParameterTests
{
    [Theory]
    [InlineData("8", "8")]
    [InlineData("008", "8")]
    [InlineData("+8", "8")]
    [InlineData("0", null)]
    [InlineData("4097", null)]
    [InlineData("8.0", null)]
    [InlineData("", null)]
    [InlineData("99999999999", null)]
    public void IntegerParameter_Text_IsBroughtIntoNormalForm(string text, string? expected)
    {
        var roundSize = SearchAlgorithms.All["random"].Parameters
            .Single(parameter => parameter.Name == "round_size");

        Assert.Equal(expected is not null, roundSize.TryNormalize(text, out var normal, out var problem));

        Assert.Equal(expected, normal);
        Assert.Equal(expected is null ? "must be a whole number from 1 to 4096" : null, problem);
    }

    [Theory]
    [InlineData("0.5", "0.5")]
    [InlineData(".50", "0.5")]
    [InlineData("+5e-1", "0.5")]
    [InlineData("-0", "0")]
    [InlineData("1", "1")]
    [InlineData("1.0000001", null)]
    [InlineData("-0.1", null)]
    [InlineData("NaN", null)]
    [InlineData("0,5", null)]
    [InlineData(" 0.5", null)]
    [InlineData("", null)]
    public void RealParameter_Text_IsBroughtIntoNormalForm(string text, string? expected)
    {
        var share = new RealParameter("share", "A share.", .25, 0, 1);

        Assert.Equal(expected is not null, share.TryNormalize(text, out var normal, out var problem));

        Assert.Equal(expected, normal);
        Assert.Equal(expected is null ? "must be a number from 0 to 1" : null, problem);
        Assert.Equal("0.25", share.DefaultText);
    }

    [Theory]
    [InlineData("redraw", "redraw")]
    [InlineData("restart", "restart")]
    [InlineData("Redraw", null)]
    [InlineData("", null)]
    public void ChoiceParameter_Text_IsOneOfItsChoices(string text, string? expected)
    {
        var plateau = new ChoiceParameter("plateau", "What to do.", ["redraw", "restart"]);

        Assert.Equal(expected is not null, plateau.TryNormalize(text, out var normal, out var problem));

        Assert.Equal(expected, normal);
        Assert.Equal(expected is null ? "must be one of: redraw, restart" : null, problem);
        Assert.Equal("redraw", plateau.DefaultText);
    }
}
