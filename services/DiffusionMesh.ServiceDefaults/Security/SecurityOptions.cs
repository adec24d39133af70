using System.ComponentModel.DataAnnotations;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>Who may call a host and how it calls others, section <c>Security</c>.</summary>
public sealed class SecurityOptions
{
    public const string Section = "Security";

    /// <summary>Whether this host may listen, and call others, in plaintext beyond loopback.</summary>
    /// <value>Default: false.</value>
    public bool AllowPlaintext { get; set; }

    /// <summary>The token that this host presents to the services it calls.</summary>
    /// <value>Default: none.</value>
    public string Token { get; set; } = "";

    /// <summary>File that holds that token, read again when it changes.</summary>
    /// <value>Default: none.</value>
    public string TokenFile { get; set; } = "";

    /// <summary>The tokens that this host accepts. Those of a settings file follow its changes.</summary>
    /// <value>Default: none; calls need no token.</value>
    public List<TokenOptions> Tokens { get; } = [];

    /// <summary>A port that answers health checks, and nothing else, in plaintext: Kubernetes' probes know no TLS. 0 is none.</summary>
    /// <value>Default: 0.</value>
    [Range(0, 65_535)]
    public int HealthPort { get; set; }
}
