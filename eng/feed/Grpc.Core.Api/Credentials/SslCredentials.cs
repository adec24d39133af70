namespace Grpc.Core;

/// <summary>TLS for a client's connection. A transport may refuse settings that it takes elsewhere.</summary>
public sealed class SslCredentials : ChannelCredentials
{
    /// <summary>TLS with the platform's trusted roots.</summary>
    public SslCredentials()
        : this(null)
    {
    }

    /// <summary>TLS with trusted roots in PEM; null for the platform's.</summary>
    public SslCredentials(string? rootCertificates)
        : this(rootCertificates, null)
    {
    }

    /// <summary>TLS with a certificate of the client.</summary>
    public SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair)
        : this(rootCertificates, keyCertificatePair, null)
    {
    }

    /// <summary>TLS with a further check of the server.</summary>
    public SslCredentials(string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    {
        RootCertificates = rootCertificates;
        KeyCertificatePair = keyCertificatePair;
        VerifyPeerCallback = verifyPeerCallback;
    }

    /// <summary>Trusted roots in PEM; null for the platform's.</summary>
    public string? RootCertificates { get; }

    /// <summary>The client's certificate and key; null for none.</summary>
    public KeyCertificatePair? KeyCertificatePair { get; }

    /// <summary>A further check of the server; null for none.</summary>
    public VerifyPeerCallback? VerifyPeerCallback { get; }

    internal override bool IsComposable => true;

    /// <inheritdoc/>
    public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state) =>
        configurator.SetSslCredentials(state, RootCertificates, KeyCertificatePair, VerifyPeerCallback);
}
