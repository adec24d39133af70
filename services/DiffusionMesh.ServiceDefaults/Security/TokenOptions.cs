namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>A token that a host accepts. The host knows its hash only.</summary>
public sealed class TokenOptions
{
    /// <summary>SHA-256 of the token, 64 hexadecimal digits: <c>dmesh tokens</c> prints one with a new token.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>Whose searches the token's holder sees: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 64.</summary>
    /// <value>Default: empty, the searches of nobody in particular.</value>
    public string Tenant { get; set; } = "";

    /// <summary>What it allows: search, score, admin.</summary>
    public List<string> Scopes { get; } = [];
}
