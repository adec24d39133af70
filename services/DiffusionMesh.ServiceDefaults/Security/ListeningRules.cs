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
internal sealed class ListeningRules : IConfigureOptions<KestrelServerOptions>
{
    private readonly bool _allowPlaintext;
    private readonly int _healthPort;
    private readonly FileBacked<SslStreamCertificateContext>? _identity;
    private readonly FileBacked<TrustedAuthorities>? _clients;

    public ListeningRules(IOptions<TlsOptions> tls, IOptions<SecurityOptions> security, FileProblems problems)
    {
        _allowPlaintext = security.Value.AllowPlaintext;
        _healthPort = security.Value.HealthPort;
        if (tls.Value is { CertificateFile.Length: > 0 } files)
        {
            _identity = PemIdentity.FromFiles(files.CertificateFile, files.KeyFile, problems.Report);
            _clients = files.ClientCaFile.Length > 0 ? TrustedAuthorities.FromFile(files.ClientCaFile, problems.Report) : null;
        }
    }

    public void Configure(KestrelServerOptions options) => options.ConfigureEndpointDefaults(endpoint =>
    {
        // Without TLS, gRPC needs HTTP/2 by prior knowledge; with TLS it is negotiated.
        endpoint.Protocols = HttpProtocols.Http2;
        if (_healthPort > 0 && endpoint.EndPoint is IPEndPoint { Port: var port } && port == _healthPort)
        {
            return;
        }

        if (_identity is not null)
        {
            endpoint.UseHttps(https => Secure(https, _identity));
        }
        else if (!_allowPlaintext && !IsLocal(endpoint.EndPoint))
        {
            throw new OptionsValidationException(SecurityOptions.Section, typeof(SecurityOptions),
            [
                $"this host would listen on {endpoint.EndPoint} in plaintext. {SecurityRules.NeedsCertificate}, listen on a loopback address, "
                    + "or set Security:AllowPlaintext=true where the network is trusted",
            ]);
        }
    });

    private void Secure(HttpsConnectionAdapterOptions https, FileBacked<SslStreamCertificateContext> identity)
    {
        https.ClientCertificateMode = _clients is null ? ClientCertificateMode.NoCertificate : ClientCertificateMode.RequireCertificate;
        https.ServerCertificateSelector = (_, _) => identity.Current.TargetCertificate;

        // Connections that are open keep what they began with; each new one gets the files of the moment.
        https.OnAuthenticate = (_, handshake) =>
        {
            handshake.ServerCertificateSelectionCallback = null;
            handshake.ServerCertificateContext = identity.Current;
            handshake.CertificateChainPolicy = _clients?.Current.ForClients();
            handshake.CertificateRevocationCheckMode = X509RevocationMode.NoCheck;
            handshake.AllowTlsResume = false;
        };
    }

    private static bool IsLocal(EndPoint endpoint) => endpoint is not IPEndPoint ip || IPAddress.IsLoopback(ip.Address);
}
