using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DiffusionMesh.Transport;

/// <summary>A certificate authority that is a folder: <c>ca.crt</c>, <c>ca.key</c> and what it has signed.</summary>
public sealed class CertificateAuthority : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int SerialBytes = 16;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    // Clocks of other machines may be behind.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly string _folder;
    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private CertificateAuthority(string folder, X509Certificate2 certificate, TimeProvider time) =>
        (_folder, _certificate, _time) = (folder, certificate, time);

    /// <summary>The certificate that those who trust this authority need.</summary>
    public string CertificateFile => Path.Combine(_folder, "ca.crt");

    /// <summary>The authority that is there, or a new one.</summary>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="CryptographicException">What is there is no certificate with its key.</exception>
    public static CertificateAuthority Open(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var (certificateFile, keyFile) = (Path.Combine(folder, "ca.crt"), Path.Combine(folder, "ca.key"));
        if (File.Exists(certificateFile) || File.Exists(keyFile))
        {
            return new(folder, Read(certificateFile, keyFile), time);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // Two authorities of one name would be taken for each other.
        var name = $"CN=DiffusionMesh {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        var certificate = request.CreateSelfSigned(now - ClockSkew, now + Lifetime);
        PrivateFile.Write(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
        return new(folder, certificate, time);
    }

    /// <summary>Makes sure that a certificate can be issued for some names, before anything is written.</summary>
    /// <exception cref="FormatException">A name is none.</exception>
    public static void RequireNames(IReadOnlyList<string> names) => AlternativeNames(names);

    /// <summary>Writes a certificate that serves some names and proves a client, and its key, over those that are there.</summary>
    /// <param name="names">Host names, with <c>*.</c> for any below one, and IP addresses; the files are named after the first.</param>
    /// <param name="validity">At most until the authority ends.</param>
    /// <exception cref="FormatException">A name is none.</exception>
    public IssuedCertificate Issue(IReadOnlyList<string> names, TimeSpan validity)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={names[0]}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication), new Oid(ClientAuthentication)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        request.CertificateExtensions.Add(AlternativeNames(names));

        var now = _time.GetUtcNow();
        var until = now + validity < _certificate.NotAfter ? now + validity : _certificate.NotAfter;
        using var certificate = request.Create(_certificate, now - ClockSkew, until, RandomNumberGenerator.GetBytes(SerialBytes));
        var file = Path.Combine(_folder, names[0].Replace("*.", "", StringComparison.Ordinal).Replace(':', '_'));
        PrivateFile.Write($"{file}.key", key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText($"{file}.crt", certificate.ExportCertificatePem() + "\n");
        return new($"{file}.crt", $"{file}.key", names, until);
    }

    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 Read(string certificateFile, string keyFile)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        }
        catch (ArgumentException error)
        {
            throw new CryptographicException("ca.key is not the key of ca.crt", error);
        }
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> names)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                alternatives.AddIpAddress(address);
            }
            else if (Uri.CheckHostName(name.StartsWith("*.", StringComparison.Ordinal) ? name[2..] : name) == UriHostNameType.Dns)
            {
                alternatives.AddDnsName(name);
            }
            else
            {
                throw new FormatException($"'{name}' is no host name and no IP address");
            }
        }

        return alternatives.Build();
    }
}
