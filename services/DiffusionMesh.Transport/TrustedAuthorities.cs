using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DiffusionMesh.Transport;

/// <summary>The authorities whose certificates are believed, from a PEM file, and no others.</summary>
public sealed class TrustedAuthorities
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection _authorities = [];

    private TrustedAuthorities(string pem)
    {
        _authorities.ImportFromPem(pem);
        if (_authorities.Count == 0)
        {
            throw new CryptographicException("holds no certificate in PEM form");
        }
    }

    /// <param name="path">One certificate or several.</param>
    /// <param name="onProblem">Is told why a file that has changed is not used.</param>
    /// <exception cref="IOException">The file cannot be used.</exception>
    public static FileBacked<TrustedAuthorities> FromFile(string path, Action<string>? onProblem = null) =>
        new([path], files => new TrustedAuthorities(Encoding.UTF8.GetString(files[0])), onProblem);

    /// <summary>Why a server's certificate does not lead to one of them; null if it does. Its name is not looked at.</summary>
    /// <param name="certificate">What the server showed.</param>
    /// <param name="between">The certificates that it sent along.</param>
    /// <param name="setting">What named the file of these authorities.</param>
    public string? Problem(X509Certificate2 certificate, X509Certificate2Collection between, string setting)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(ServerAuthentication) };
        chain.ChainPolicy.ExtraStore.AddRange(between);
        return chain.Build(certificate) ? null : ServerProof.ChainProblem(chain, $"which is no authority of the file that {setting} names");
    }

    /// <summary>How the certificate of a client is checked.</summary>
    public X509ChainPolicy ForClients() => Policy(ClientAuthentication);

    private X509ChainPolicy Policy(Oid use)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            ApplicationPolicy = { use },
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }
}
