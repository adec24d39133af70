using DiffusionMesh.Transport;

namespace DiffusionMesh.Functional.Tests.Orchestrator.Balancing;

public sealed class MeshAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5102", true)]
    [InlineData("https://clip.example", true)]
    [InlineData("dns:///clip:8080", true)]
    [InlineData("dns:///[::1]:8080", true)]
    [InlineData("dns:///clip:8080,dino:8080", false)]
    [InlineData("dns:///", false)]
    [InlineData("static:///10.0.0.1:8080,10.0.0.2:8080", true)]
    [InlineData("static:///clip", true)]
    [InlineData("static:///", false)]
    [InlineData("static:///10.0.0.1:8080,a/b", false)]
    [InlineData("static:///10.0.0.1:port", false)]
    [InlineData("ftp://clip:8080", false)]
    [InlineData("clip:8080", false)]
    [InlineData("", false)]
    public void IsValid_Address_IsTold(string address, bool valid) => Assert.Equal(valid, MeshAddress.IsValid(address));

    [Fact]
    public void Pods_List_AreItsHostsAndPorts() => Assert.Equal(
        [("10.0.0.1", 8080), ("::1", 81), ("clip", 80)], MeshAddress.Pods(new Uri("static:///10.0.0.1:8080,[::1]:81,clip")));
}
