using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace DiffusionMesh.Transport;

/// <summary>When a certificate is valid, in words.</summary>
public static class CertificateTime
{
    /// <summary>What is wrong at a time, as the end of a sentence about the certificate; null if it is valid.</summary>
    public static string? Problem(X509Certificate2 certificate, DateTimeOffset now) =>
        now > Until(certificate) ? $"expired on {Text(Until(certificate))}"
        : now < From(certificate) ? $"is not valid before {Text(From(certificate))}"
        : null;

    /// <summary>When it begins to be valid.</summary>
    public static DateTimeOffset From(X509Certificate2 certificate) => certificate.NotBefore;

    /// <summary>When it ends to be.</summary>
    public static DateTimeOffset Until(X509Certificate2 certificate) => certificate.NotAfter;

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
