using DiffusionMesh.Transport;

namespace DiffusionMesh.Cli.Documents;

/// <summary>What <c>dmesh certs --json</c> prints.</summary>
/// <param name="Authority">File of the authority's certificate.</param>
/// <param name="Certificates">In the order of the command line.</param>
internal sealed record CertificatesDocument(string Authority, IReadOnlyList<CertificateSection> Certificates);

/// <summary>One certificate and its key, as files.</summary>
internal sealed record CertificateSection(string Certificate, string Key, IReadOnlyList<string> Names, DateTimeOffset ValidUntil)
{
    public static CertificateSection Of(IssuedCertificate issued) => new(issued.CertificateFile, issued.KeyFile, issued.Names, issued.ValidUntil);
}
