using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Contract;

public sealed class AuthContextTests
{
    [Fact]
    public void AuthContext_WithIdentity_FindsItsProperties()
    {
        var context = new AuthContext("name", new()
        {
            ["name"] = [AuthProperty.Create("name", "a"u8.ToArray()), AuthProperty.Create("name", "b"u8.ToArray())],
            ["other"] = [AuthProperty.Create("other", "c"u8.ToArray())],
        });

        Assert.True(context.IsPeerAuthenticated);
        Assert.Equal("name", context.PeerIdentityPropertyName);
        Assert.Equal(["a", "b"], context.PeerIdentity.Select(property => property.Value));
        Assert.Equal(["a", "b", "c"], context.Properties.Select(property => property.Value).Order());
        Assert.Equal(["c"], context.FindPropertiesByName("other").Select(property => property.Value));
        Assert.Empty(context.FindPropertiesByName("missing"));
    }

    [Fact]
    public void AuthContext_WithoutIdentity_NamesNobody()
    {
        var context = new AuthContext(null, []);

        Assert.False(context.IsPeerAuthenticated);
        Assert.Empty(context.PeerIdentity);
    }

    [Fact]
    public void AuthProperty_OfBytes_KeepsACopyAndGivesCopies()
    {
        byte[] given = [65, 66];
        var property = AuthProperty.Create("name", given);

        given[0] = 0;
        property.ValueBytes[1] = 0;

        Assert.Equal(("name", "AB"), (property.Name, property.Value));
        Assert.Equal([65, 66], property.ValueBytes);
    }
}
