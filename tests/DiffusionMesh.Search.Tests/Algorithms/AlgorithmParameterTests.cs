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
}
