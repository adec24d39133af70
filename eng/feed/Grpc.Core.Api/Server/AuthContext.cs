namespace Grpc.Core;

/// <summary>Who a caller is, as far as its connection proves it.</summary>
public class AuthContext
{
    private readonly Dictionary<string, List<AuthProperty>> _properties;

    /// <summary>Makes a context of properties by name.</summary>
    /// <param name="peerIdentityPropertyName">The property that is the caller's identity; null if the caller proved nothing.</param>
    public AuthContext(string? peerIdentityPropertyName, Dictionary<string, List<AuthProperty>> properties)
    {
        PeerIdentityPropertyName = peerIdentityPropertyName;
        _properties = properties ?? throw new ArgumentNullException(nameof(properties));
    }

    /// <summary>Whether the caller proved who it is.</summary>
    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;

    /// <summary>The property that is the caller's identity; null if the caller proved nothing.</summary>
    public string? PeerIdentityPropertyName { get; }

    /// <summary>The properties that are the caller's identity; none if the caller proved nothing.</summary>
    public IEnumerable<AuthProperty> PeerIdentity =>
        PeerIdentityPropertyName is null ? [] : FindPropertiesByName(PeerIdentityPropertyName);

    /// <summary>All properties.</summary>
    public IEnumerable<AuthProperty> Properties => _properties.Values.SelectMany(named => named);

    /// <summary>The properties of a name; none if there is no such name.</summary>
    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) =>
        _properties.TryGetValue(propertyName, out var named) ? named : [];
}
