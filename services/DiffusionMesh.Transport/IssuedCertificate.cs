namespace DiffusionMesh.Transport;

/// <summary>A certificate that was written.</summary>
/// <param name="CertificateFile">PEM.</param>
/// <param name="KeyFile">PEM, not encrypted, for its owner's eyes only.</param>
/// <param name="Names">What it may be called by.</param>
/// <param name="ValidUntil">When it ends.</param>
public sealed record IssuedCertificate(string CertificateFile, string KeyFile, IReadOnlyList<string> Names, DateTimeOffset ValidUntil);
