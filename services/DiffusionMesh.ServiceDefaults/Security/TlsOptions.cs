namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>Certificates of a host, section <c>Tls</c>. The files are PEM and used anew within a second of a change.</summary>
public sealed class TlsOptions
{
    public const string Section = "Tls";

    /// <summary>
    /// This host's certificate, then those that signed it, if any. With it every port speaks TLS, whatever its URL says,
    /// and calls to other services show it.
    /// </summary>
    /// <value>Default: none.</value>
    public string CertificateFile { get; set; } = "";

    /// <summary>The private key of the certificate, not encrypted.</summary>
    /// <value>Default: none.</value>
    public string KeyFile { get; set; } = "";

    /// <summary>Authorities of clients. With it a client that shows no certificate of theirs cannot connect.</summary>
    /// <value>Default: none; clients need no certificate.</value>
    public string ClientCaFile { get; set; } = "";

    /// <summary>Authorities of the services that this host calls. With it <c>dns:///</c> addresses are called over TLS.</summary>
    /// <value>Default: none; <c>https://</c> addresses are believed by the system's authorities.</value>
    public string CaFile { get; set; } = "";
}
