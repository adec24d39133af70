using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Transport;

/// <summary>How this process reaches services: whom it believes, how it proves itself, and where plaintext is allowed.</summary>
/// <remarks>
/// <c>https://</c> is TLS and <c>http://</c> is not. Addresses that say neither, such as <c>dns:///host:port</c>, are TLS
/// where a CA file is set.
/// </remarks>
public sealed class MeshTransport
{
    private readonly TransportSettings _settings;
    private readonly FileBacked<TrustedAuthorities>? _authorities;
    private readonly FileBacked<SslStreamCertificateContext>? _identity;
    private readonly BearerToken? _token;

    /// <param name="settings">What this client was told.</param>
    /// <param name="onProblem">Is told why files that have changed are not used.</param>
    /// <exception cref="IOException">A file cannot be used.</exception>
    public MeshTransport(TransportSettings settings, Action<string>? onProblem = null)
    {
        _settings = settings;
        _authorities = settings.CaFile.Length > 0 ? TrustedAuthorities.FromFile(settings.CaFile, onProblem) : null;
        _identity = settings.CertificateFile.Length > 0 ? PemIdentity.FromFiles(settings.CertificateFile, settings.KeyFile, onProblem) : null;
        _token = BearerToken.Of(settings, onProblem);
    }

    /// <summary>Whether calls to an address are encrypted.</summary>
    public bool IsTls(Uri address) => address.Scheme switch
    {
        "https" => true,
        "http" => false,
        _ => _authorities is not null,
    };

    /// <summary>Why an address must not be called, with what to do about it; null if it may be.</summary>
    public string? Refusal(Uri address) => IsTls(address) || _settings.AllowPlaintext || MeshAddress.IsLoopback(address)
        ? null
        : $"calls to {address} would leave this machine in plaintext. {_settings.PlaintextRemedy}";

    /// <summary>Sets what a channel needs to reach an address safely: credentials, trust, certificate and token.</summary>
    /// <param name="address">Where the channel leads.</param>
    /// <param name="handler">The channel's own.</param>
    /// <param name="options">The channel's; gets the handler.</param>
    /// <param name="withToken">Whether calls present this process's token, if it has one: only services that may see it.</param>
    /// <exception cref="InvalidOperationException">The address is refused, see <see cref="Refusal"/>.</exception>
    public void Secure(Uri address, SocketsHttpHandler handler, GrpcChannelOptions options, bool withToken)
    {
        if (Refusal(address) is { } refusal)
        {
            throw new InvalidOperationException(refusal);
        }

        options.Credentials = IsTls(address) ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            // A session that was resumed would go by the files of the day it began.
            AllowTlsResume = false,
            LocalCertificateSelectionCallback = _identity is null ? null : (_, _, _, _, _) => _identity.Current.TargetCertificate,
            RemoteCertificateValidationCallback = _authorities is null ? null : IsProven,
        };
        options.HttpHandler = withToken && _token is not null ? new TokenHandler(_token, handler) : handler;
    }

    private bool IsProven(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is X509Certificate2 shown
        && (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
        && _authorities!.Current.Prove(shown, chain?.ChainPolicy.ExtraStore ?? []);

    private sealed class TokenHandler(BearerToken token, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = token.Header;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
