namespace DiffusionMesh.Transport;

/// <summary>What a client of services is told; an empty string is a setting left out.</summary>
public sealed record TransportSettings
{
    /// <summary>PEM file of the authorities that servers are believed by; empty: those of the system.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>PEM file of the certificate that this client shows.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary>PEM file of its key.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The token that this client presents.</summary>
    public string Token { get; init; } = "";

    /// <summary>File that holds that token, read again when it changes.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>Whether calls may leave this machine in plaintext.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>How messages call these settings.</summary>
    public TransportWords Words { get; init; } = TransportWords.OfHosts;
}
