using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace DiffusionMesh.Transport;

/// <summary>Why the certificate of a server proves nothing.</summary>
internal static class ServerProof
{
    private const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>A sentence about its name; null if it is right.</summary>
    public static string? NameProblem(X509Certificate2? certificate, string host, SslPolicyErrors errors) =>
        certificate is null ? "the server shows no certificate"
        : errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? $"its certificate is for {Names(certificate)}, not for {host}: call it by a name of its certificate"
        : null;

    /// <summary>A sentence about a chain that does not lead to an authority.</summary>
    /// <param name="chain">As it was built.</param>
    /// <param name="believed">Which authorities are believed, as the end of a sentence.</param>
    public static string ChainProblem(X509Chain chain, string believed)
    {
        foreach (var (element, depth) in chain.ChainElements.Select((element, depth) => (element, depth)))
        {
            if (element.ChainElementStatus.Any(status => status.Status.HasFlag(X509ChainStatusFlags.NotTimeValid)))
            {
                return $"{(depth == 0 ? "its certificate" : $"the certificate of its authority, {element.Certificate.Subject},")} {CertificateTime.Problem(element.Certificate, DateTimeOffset.UtcNow)}: it has to be renewed where the server runs";
            }
        }

        var flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        return (flags & Untrusted) != 0 ? $"its certificate is signed by {chain.ChainElements[0].Certificate.Issuer}, {believed}"
            : flags.HasFlag(X509ChainStatusFlags.NotValidForUsage) ? "its certificate is not one for servers"
            : $"its certificate cannot be believed: {string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()))}";
    }

    private static string Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null
            ? certificate.Subject
            : string.Join(", ", names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())));
    }
}
