using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class MetadataTests
{
    [Fact]
    public void Entry_OfMixedCaseKey_IsLowerCase() => Assert.Equal("x-key_1.a", new Metadata.Entry("X-Key_1.A", "v").Key);

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("schlüssel")]
    [InlineData("a:b")]
    [InlineData("a\n")]
    public void Entry_OfForbiddenKey_IsRefused(string key) => Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "v"));

    [Fact]
    public void Entry_WithTextUnderABinaryKey_IsRefused() => Assert.Throws<ArgumentException>(() => new Metadata.Entry("a-bin", "v"));

    [Fact]
    public void Entry_WithBytesUnderATextKey_IsRefused() => Assert.Throws<ArgumentException>(() => new Metadata.Entry("a", [1]));

    [Fact]
    public void Entry_WithoutKeyOrValue_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry(null!, "v"));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("a", (string)null!));
        Assert.Throws<ArgumentNullException>(() => new Metadata.Entry("a-bin", (byte[])null!));
    }

    [Fact]
    public void Entry_OfBytes_KeepsACopyAndGivesCopies()
    {
        byte[] given = [1, 2];
        var entry = new Metadata.Entry("a-bin", given);

        given[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.True(entry.IsBinary);
        Assert.Equal([1, 2], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
    }

    [Fact]
    public void Entry_OfText_GivesItsAsciiBytes()
    {
        var entry = new Metadata.Entry("a", "AB");

        Assert.False(entry.IsBinary);
        Assert.Equal("AB"u8.ToArray(), entry.ValueBytes);
    }

    [Fact]
    public void Get_OfRepeatedKey_ReturnsTheLastAndAllInOrder()
    {
        var metadata = new Metadata { { "a", "1" }, { "b", "2" }, { "A", "3" }, { "c-bin", [4] } };

        Assert.Equal("3", metadata.Get("a")?.Value);
        Assert.Equal("3", metadata.GetValue("A"));
        Assert.Equal(["1", "3"], metadata.GetAll("a").Select(entry => entry.Value));
        Assert.Equal([4], metadata.GetValueBytes("C-BIN"));
    }

    [Fact]
    public void Get_OfMissingKey_ReturnsNothing()
    {
        var metadata = new Metadata { { "a", "1" } };

        Assert.Null(metadata.Get("b"));
        Assert.Null(metadata.GetValue("b"));
        Assert.Null(metadata.GetValueBytes("b-bin"));
        Assert.Empty(metadata.GetAll("b"));
    }

    [Fact]
    public void Metadata_AsAList_KeepsItsEntriesInOrder()
    {
        Metadata.Entry first = new("a", "1"), second = new("b", "2"), third = new("c", "3");
        var metadata = new Metadata { first, third };

        metadata.Insert(1, second);
        Assert.Equal([first, second, third], metadata);
        Assert.Equal((1, true), (metadata.IndexOf(second), metadata.Contains(third)));
        metadata.RemoveAt(0);
        Assert.True(metadata.Remove(third));
        metadata[0] = first;
        Assert.Equal([first], metadata);
        metadata.Clear();
        Assert.Empty(metadata);
    }

    [Fact]
    public void Empty_WhenChanged_Refuses()
    {
        var entry = new Metadata.Entry("a", "1");

        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add(entry));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "1"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Insert(0, entry));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Remove(entry));
        Assert.Throws<InvalidOperationException>(Metadata.Empty.Clear);
        Assert.Empty(Metadata.Empty);
    }
}
