using System.IO.Compression;
using Grpc.Net.Compression;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class CompressionProviderTests
{
    public static TheoryData<string> Names => ["gzip", "deflate"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Provider_RoundTrip_GivesTheMessageAndLeavesTheTargetOpen(string name)
    {
        var provider = Provider(name, CompressionLevel.Optimal);
        var message = new byte[10_000];
        var target = new MemoryStream();

        using (var compressing = provider.CreateCompressionStream(target, null))
        {
            compressing.Write(message);
        }

        Assert.Equal(name, provider.EncodingName);
        Assert.InRange(target.Length, 1, message.Length / 10);
        target.Position = 0;
        using var plain = new MemoryStream();
        provider.CreateDecompressionStream(target).CopyTo(plain);
        Assert.Equal(message, plain.ToArray());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Provider_GivenALevel_UsesItInsteadOfItsOwn(string name)
    {
        var provider = Provider(name, CompressionLevel.SmallestSize);

        Assert.True(Compressed(provider, CompressionLevel.NoCompression) > Compressed(provider, null));
    }

    private static ICompressionProvider Provider(string name, CompressionLevel level) =>
        name == "gzip" ? new GzipCompressionProvider(level) : new DeflateCompressionProvider(level);

    private static long Compressed(ICompressionProvider provider, CompressionLevel? level)
    {
        var target = new MemoryStream();
        using (var compressing = provider.CreateCompressionStream(target, level))
        {
            compressing.Write(new byte[10_000]);
        }

        return target.Length;
    }
}
