using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Commands;

namespace DiffusionMesh.Cli.Tests.Commands;

public sealed class VerifierWordsTests
{
    [Theory]
    [InlineData("clip", "clip", "", null)]
    [InlineData("clip:2", "clip", "", 2.0)]
    [InlineData("clip:.5", "clip", "", 0.5)]
    [InlineData("mine=http://127.0.0.1:5102", "mine", "http://127.0.0.1:5102", null)]
    [InlineData("mine=http://127.0.0.1:5102:3", "mine", "http://127.0.0.1:5102", 3.0)]
    [InlineData("mine=http://host", "mine", "http://host", null)]
    [InlineData("mine=http://host/:3", "mine", "http://host/", 3.0)]
    [InlineData("mine=dns:///mine:8080", "mine", "dns:///mine:8080", null)]
    [InlineData("mine=dns:///mine:8080:1.5", "mine", "dns:///mine:8080", 1.5)]
    [InlineData("mine=http://[::1]:5102", "mine", "http://[::1]:5102", null)]
    [InlineData("mine=http://[::1]:5102:4", "mine", "http://[::1]:5102", 4.0)]
    public void Read_Verifier_TellsNameAddressAndWeightApart(string word, string name, string address, double? weight)
    {
        var verifier = VerifierWords.Read(word);

        Assert.Equal((name, address, weight, false), (verifier.Name, verifier.Address, verifier.Weight, verifier.HeldOut));
    }

    [Theory]
    [InlineData("clip:")]
    [InlineData("clip:heavy")]
    [InlineData("clip:0")]
    [InlineData("clip:-1")]
    [InlineData("clip:NaN")]
    [InlineData("=http://host:1")]
    [InlineData("clip=")]
    public void Read_WordThatIsNone_IsRefused(string word) =>
        Assert.Equal(ExitCode.BadArguments, Assert.Throws<CommandFailure>(() => VerifierWords.Read(word)).ExitCode);

    [Fact]
    public void ReadHeldOut_Verifier_HasAnAddressAndNoWeight()
    {
        var verifier = VerifierWords.ReadHeldOut("judge=http://host:5106");

        Assert.Equal(("judge", "http://host:5106", true), (verifier.Name, verifier.Address, verifier.HeldOut));
        var refused = Assert.Throws<CommandFailure>(() => VerifierWords.ReadHeldOut("judge:2"));
        Assert.Contains("leave it out", Assert.Single(refused.Violations).Description, StringComparison.Ordinal);
    }
}
