using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DiffusionMesh.ServiceDefaults.Tests.Security;

/// <summary>A certificate authority that lives as long as a test, and a folder for what it signs.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset Until = DateTimeOffset.UtcNow.AddDays(1);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-tls-");

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=test authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _certificate = request.CreateSelfSigned(From, Until);
        CaFile = PathOf("ca.pem");
        File.WriteAllText(CaFile, _certificate.ExportCertificatePem());
    }

    public string CaFile { get; }

    // As the authority itself, whose own days do not matter here.
    private X509SignatureGenerator Signatures => X509SignatureGenerator.CreateForECDsa(_key);

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Writes NAME.crt and NAME.key for localhost and 127.0.0.1.</summary>
    /// <returns>The certificate's thumbprint.</returns>
    public string Issue(string name, bool forClients = false) => Issue(name, From.AddMinutes(1), Until.AddMinutes(-1), forClients);

    /// <summary>The same, valid from one time to another.</summary>
    public string Issue(string name, DateTimeOffset from, DateTimeOffset until, bool forClients = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Path.GetFileName(name)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(forClients ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_certificate.SubjectName, Signatures, from, until, RandomNumberGenerator.GetBytes(8));
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf($"{name}.crt"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return certificate.Thumbprint;
    }

    /// <summary>Settings of a host that shows a certificate.</summary>
    public string[] Serving(string name) => [$"--Tls:CertificateFile={PathOf($"{name}.crt")}", $"--Tls:KeyFile={PathOf($"{name}.key")}"];

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
        _folder.Delete(recursive: true);
    }
}
