using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DiffusionMesh.Transport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>Warns, when the host starts, of certificates that are not valid or will soon not be.</summary>
internal sealed partial class CertificateDates(IOptions<TlsOptions> tls, ILogger<CertificateDates> logger) : IHostedService
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(7);

    // Of certificates that last for days, a week is no warning.
    private const int PartOfLifetime = 4;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Look(nameof(TlsOptions.CertificateFile), tls.Value.CertificateFile);
        Look(nameof(TlsOptions.ClientCaFile), tls.Value.ClientCaFile);
        Look(nameof(TlsOptions.CaFile), tls.Value.CaFile);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What to warn of, as the end of a sentence about the certificate; null for nothing.</summary>
    public static string? Problem(X509Certificate2 certificate, DateTimeOffset now)
    {
        var (from, until) = (CertificateTime.From(certificate), CertificateTime.Until(certificate));
        return CertificateTime.Problem(certificate, now)
            ?? (until - now < Soon && until - now < (until - from) / PartOfLifetime ? $"expires on {CertificateTime.Text(until)}" : null);
    }

    private void Look(string setting, string file)
    {
        if (file.Length == 0)
        {
            return;
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // Whoever uses the file says what is wrong with it.
            return;
        }

        foreach (var certificate in certificates)
        {
            using (certificate)
            {
                if (Problem(certificate, DateTimeOffset.UtcNow) is { } problem)
                {
                    LogDates(logger, certificate.Subject, file, $"{TlsOptions.Section}:{setting}", problem);
                }
            }
        }
    }

    [LoggerMessage(
        EventName = "CertificateDates",
        Level = LogLevel.Warning,
        Message = "The certificate {Subject} in {File} ({Setting}) {Problem}: connections fail while it is not valid. Renew the file; it is read again without a restart")]
    private static partial void LogDates(ILogger logger, string subject, string file, string setting, string problem);
}
