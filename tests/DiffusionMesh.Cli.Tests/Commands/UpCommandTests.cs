using DiffusionMesh.Cli.Commands;

namespace DiffusionMesh.Cli.Tests.Commands;

public sealed class UpCommandTests
{
    [Fact]
    public void DefaultData_OfTwoPortBases_IsNotTheSameFolder()
    {
        Assert.NotEqual(UpCommand.DefaultData(5100), UpCommand.DefaultData(5200));
        Assert.Equal(UpCommand.DefaultData(5100), UpCommand.DefaultData(5100));
        Assert.EndsWith(Path.Combine("diffusionmesh", "up-5100"), UpCommand.DefaultData(5100), StringComparison.Ordinal);
    }
}
