using System.CommandLine;
using DiffusionMesh.Cli.CommandLine;

namespace DiffusionMesh.Cli.Tests.CommandLine;

public sealed class NumberOptionTests
{
    private readonly Option<int?> _whole = NumberOption.Create("--whole", "N", 1, 100, "A count.");
    private readonly Option<double?> _number = NumberOption.Create("--number", "X", double.MinValue, double.MaxValue, "A weight.");

    [Theory]
    [InlineData("1", 1)]
    [InlineData("100", 100)]
    public void Whole_WithinItsRange_IsRead(string word, int expected)
    {
        Assert.Equal(expected, Parse("--whole", word).GetValue(_whole));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("ten")]
    [InlineData("99999999999999999999")]
    public void Whole_OutsideItsRange_IsRefusedWithTheRange(string word)
    {
        var error = Assert.Single(Parse("--whole", word).Errors);

        Assert.Equal($"must be a whole number from 1 to 100, not '{word}'", error.Message);
    }

    [Fact]
    public void Whole_BelowItsLeast_IsRefusedWithoutAMostThatNobodyChecks()
    {
        var open = NumberOption.Create("--open", "N", 1L, long.MaxValue, "A count without a most.");

        var error = Assert.Single(new RootCommand { open }.Parse(["--open", "0"]).Errors);

        Assert.Equal("must be a whole number of at least 1, not '0'", error.Message);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1,5")]
    [InlineData("")]
    public void Number_ThatIsNone_IsRefused(string word)
    {
        var error = Assert.Single(Parse("--number", word).Errors);

        Assert.Equal($"must be a number, not '{word}'", error.Message);
    }

    [Fact]
    public void Number_LeftOut_IsNull()
    {
        Assert.Null(Parse().GetValue(_number));
    }

    private ParseResult Parse(params string[] words) => new RootCommand { _whole, _number }.Parse(words);
}
