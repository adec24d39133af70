namespace Grpc.Core;

/// <summary>A certificate chain and its private key, both in PEM.</summary>
public sealed class KeyCertificatePair
{
    /// <summary>Pairs a chain with its key.</summary>
    public KeyCertificatePair(string certificateChain, string privateKey)
    {
        CertificateChain = certificateChain ?? throw new ArgumentNullException(nameof(certificateChain));
        PrivateKey = privateKey ?? throw new ArgumentNullException(nameof(privateKey));
    }

    /// <summary>The chain, in PEM.</summary>
    public string CertificateChain { get; }

    /// <summary>The key, in PEM.</summary>
    public string PrivateKey { get; }
}
