using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DiffusionMesh.Transport;

/// <summary>A certificate with its key and the certificates between it and its authority, from PEM files.</summary>
public static class PemIdentity
{
    /// <param name="certificateFile">The certificate, followed by those that signed it, if any.</param>
    /// <param name="keyFile">Its private key, not encrypted.</param>
    /// <param name="onProblem">Is told why files that have changed are not used.</param>
    /// <exception cref="IOException">The files cannot be used.</exception>
    public static FileBacked<SslStreamCertificateContext> FromFiles(string certificateFile, string keyFile, Action<string>? onProblem = null) =>
        new([certificateFile, keyFile], files => Create(Encoding.UTF8.GetString(files[0]), Encoding.UTF8.GetString(files[1])), onProblem);

    private static SslStreamCertificateContext Create(string certificates, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        if (chain.Count == 0)
        {
            throw new CryptographicException("the first file holds no certificate in PEM form");
        }

        var leaf = X509Certificate2.CreateFromPem(certificates, key);
        if (OperatingSystem.IsWindows())
        {
            // Windows does not use keys that were never stored.
            using var ephemeral = leaf;
            leaf = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        }

        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }
}
