using DiffusionMesh.Transport;

namespace DiffusionMesh.Cli.Tests.Mesh;

/// <summary>An authority as <c>dmesh certs</c> makes it, whose certificates may have been issued at another time.</summary>
internal sealed class Authority : IDisposable
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-authority-");
    private readonly Clock _clock = new();
    private readonly CertificateAuthority _authority;

    public Authority()
    {
        _clock.Now = DateTimeOffset.UtcNow.AddDays(-100);
        _authority = CertificateAuthority.Open(_folder.FullName, _clock);
        Ca = _authority.CertificateFile;
    }

    public string Ca { get; }

    /// <param name="name">By which a service is called; names the files.</param>
    /// <param name="daysAgo">When it was issued, for 30 days.</param>
    public IssuedCertificate Issue(string name, int daysAgo = 1)
    {
        _clock.Now = DateTimeOffset.UtcNow.AddDays(-daysAgo);
        return _authority.Issue([name], Validity);
    }

    /// <summary>Settings of a host that shows it.</summary>
    public static string[] Serving(IssuedCertificate certificate) => [$"--Tls:CertificateFile={certificate.CertificateFile}", $"--Tls:KeyFile={certificate.KeyFile}"];

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
