using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using DiffusionMesh.Transport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>How every port of a host speaks: TLS with the certificate of the moment, or plaintext where that is allowed.</summary>
internal sealed class ListeningRules(IOptions<TlsOptions> tls, IOptions<SecurityOptions> security, FileProblems problems) : IConfigureOptions<KestrelServerOptions>
{
    // The server is made before the settings are checked, and listens after.
    private readonly Lazy<Certificates?> _certificates = new(() => tls.Value is { CertificateFile.Length: > 0 } files ? Certificates.Of(files, problems) : null);

    public void Configure(KestrelServerOptions options) => options.ConfigureEndpointDefaults(endpoint =>
    {
        // Without TLS, gRPC needs HTTP/2 by prior knowledge; with TLS it is negotiated.
        endpoint.Protocols = HttpProtocols.Http2;
        if (security.Value.HealthPort is > 0 and var health && endpoint.EndPoint is IPEndPoint { Port: var port } && port == health)
        {
            return;
        }

        if (_certificates.Value is { } certificates)
        {
            endpoint.UseHttps(certificates.Secure);
        }
        else if (!security.Value.AllowPlaintext && !IsLocal(endpoint.EndPoint))
        {
            throw new OptionsValidationException(SecurityOptions.Section, typeof(SecurityOptions),
            [
                $"this host would listen on {endpoint.EndPoint} in plaintext. {SecurityRules.NeedsCertificate}, listen on a loopback address, "
                    + "or set Security:AllowPlaintext=true where the network is trusted",
            ]);
        }
    });

    private static bool IsLocal(EndPoint endpoint) => endpoint is not IPEndPoint ip || IPAddress.IsLoopback(ip.Address);

    private sealed record Certificates(FileBacked<SslStreamCertificateContext> Identity, FileBacked<TrustedAuthorities>? Clients)
    {
        /// <exception cref="TransportFileException">A file cannot be used.</exception>
        public static Certificates Of(TlsOptions files, FileProblems problems) => new(
            TransportFileException.Naming(
                $"{TlsOptions.Section}:{nameof(TlsOptions.CertificateFile)}", () => PemIdentity.FromFiles(files.CertificateFile, files.KeyFile, problems.Report)),
            files.ClientCaFile.Length == 0
                ? null
                : TransportFileException.Naming(
                    $"{TlsOptions.Section}:{nameof(TlsOptions.ClientCaFile)}", () => TrustedAuthorities.FromFile(files.ClientCaFile, problems.Report)));

        public void Secure(HttpsConnectionAdapterOptions https)
        {
            https.ClientCertificateMode = Clients is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate;
            https.ServerCertificateSelector = (_, _) => Identity.Current.TargetCertificate;

            // Connections that are open keep what they began with; each new one gets the files of the moment.
            https.OnAuthenticate = (_, handshake) =>
            {
                handshake.ServerCertificateSelectionCallback = null;
                handshake.ServerCertificateContext = Identity.Current;
                handshake.CertificateChainPolicy = Clients?.Current.ForClients();
                handshake.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
                handshake.AllowTlsResume = false;
            };
        }
    }
}
