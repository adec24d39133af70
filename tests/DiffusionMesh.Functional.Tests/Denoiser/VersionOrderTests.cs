using DiffusionMesh.Denoiser.Models;

namespace DiffusionMesh.Functional.Tests.Denoiser;

public class VersionOrderTests
{
    [Theory]
    [InlineData("1.9", "1.10")]
    [InlineData("1", "1.0")]
    [InlineData("2024.9.30", "2024.10.1")]
    [InlineData("1.0-a2", "1.0-a10")]
    [InlineData("99999999999999999999998", "99999999999999999999999")]
    [InlineData("", "0")]
    public void Compare_Versions_GoesByTheirNumbers(string lower, string higher)
    {
        Assert.True(VersionOrder.Instance.Compare(lower, higher) < 0);
        Assert.True(VersionOrder.Instance.Compare(higher, lower) > 0);
        Assert.Equal(0, VersionOrder.Instance.Compare(higher, higher));
    }
}
