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
    private readonly FileBacked<TrustedAuthorities>? _authorities;
    private readonly FileBacked<SslStreamCertificateContext>? _identity;
    private readonly BearerToken? _token;
    private volatile bool _wasAsked;
    private volatile bool _wasAnswered;

    /// <param name="settings">What this client was told.</param>
    /// <param name="onProblem">Is told why files that have changed are not used.</param>
    /// <exception cref="TransportFileException">A file cannot be used.</exception>
    public MeshTransport(TransportSettings settings, Action<string>? onProblem = null)
    {
        Settings = settings;
        _authorities = settings.CaFile.Length > 0
            ? TransportFileException.Naming(settings.Words.Ca, () => TrustedAuthorities.FromFile(settings.CaFile, onProblem))
            : null;
        _identity = settings.CertificateFile.Length > 0
            ? TransportFileException.Naming(settings.Words.Certificate, () => PemIdentity.FromFiles(settings.CertificateFile, settings.KeyFile, onProblem))
            : null;
        _token = TransportFileException.Naming(settings.Words.Token, () => BearerToken.Of(settings, onProblem));
    }

    /// <summary>What this client was told.</summary>
    public TransportSettings Settings { get; }

    /// <summary>Whether calls to an address are encrypted.</summary>
    public bool IsTls(Uri address) => address.Scheme switch
    {
        "https" => true,
        "http" => false,
        _ => _authorities is not null,
    };

    /// <summary>Why an address must not be called, with what to do about it; null if it may be.</summary>
    public string? Refusal(Uri address) => IsTls(address) || Settings.AllowPlaintext || MeshAddress.IsLoopback(address)
        ? null
        : $"calls to {address} would leave this machine in plaintext. {Settings.Words.PlaintextRemedy}";

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
            LocalCertificateSelectionCallback = (_, _, _, server, _) => Identity(isAsked: server is not null),
            RemoteCertificateValidationCallback = Prove,
        };
        options.HttpHandler = new CallHandler(this, withToken ? _token : null, handler);
    }

    /// <summary>
    /// Why a server may have ended a connection over TLS before it answered anything, as far as this client can tell; null if its
    /// certificate, or that it has none, is no reason, or if calls have been answered.
    /// </summary>
    /// <remarks>
    /// In TLS 1.3 a client that is refused believes itself connected until the server hangs up: at any moment of the first call,
    /// and with any error of the socket or of HTTP/2. What tells a refusal is that no call was answered.
    /// </remarks>
    public string? IdentityProblem()
    {
        if (_wasAnswered)
        {
            return null;
        }

        if (_identity is null)
        {
            return _wasAsked ? $"the server asks for a certificate: show one with {Settings.Words.Certificate}" : null;
        }

        return CertificateTime.Problem(_identity.Current.TargetCertificate, DateTimeOffset.UtcNow) is { } problem
            ? $"the certificate {Settings.CertificateFile} that {Settings.Words.Certificate} names {problem}"
            : $"the server may not believe the certificate {Settings.CertificateFile}: one of the authorities that it trusts must have signed it, for clients";
    }

    private X509Certificate2 Identity(bool isAsked)
    {
        _wasAsked |= isAsked;

        // None is null, whatever the delegate's type says.
        return _identity?.Current.TargetCertificate!;
    }

    /// <exception cref="ServerNotProvenException">Says why, where false would not.</exception>
    private bool Prove(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var shown = certificate as X509Certificate2;
        var problem = ServerProof.NameProblem(shown, ((SslStream)sender).TargetHostName, errors)
            ?? (_authorities is not null ? _authorities.Current.Problem(shown!, chain?.ChainPolicy.ExtraStore ?? [], Settings.Words.Ca)
                : errors == SslPolicyErrors.None ? null
                : ServerProof.ChainProblem(chain!, $"an authority that this machine does not know: name its certificate with {Settings.Words.Ca}"));
        return problem is null ? true : throw new ServerNotProvenException(problem);
    }

    private sealed class CallHandler(MeshTransport transport, BearerToken? token, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (token is not null)
            {
                request.Headers.Authorization = token.Header;
            }

            var response = await base.SendAsync(request, cancellationToken);
            transport._wasAnswered = true;
            return response;
        }
    }
}
