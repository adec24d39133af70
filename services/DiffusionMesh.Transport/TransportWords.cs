namespace DiffusionMesh.Transport;

/// <summary>What the settings of a client are called where its user sets them.</summary>
/// <param name="Ca">Sets <see cref="TransportSettings.CaFile"/>.</param>
/// <param name="Certificate">Sets <see cref="TransportSettings.CertificateFile"/>.</param>
/// <param name="Token">Sets <see cref="TransportSettings.TokenFile"/>.</param>
/// <param name="PlaintextRemedy">What to do about a call that would leave this machine in plaintext.</param>
public sealed record TransportWords(string Ca, string Certificate, string Token, string PlaintextRemedy)
{
    public static TransportWords OfHosts { get; } = new(
        "Tls:CaFile", "Tls:CertificateFile", "Security:TokenFile", "Set Tls:CaFile, or Security:AllowPlaintext=true where the network is trusted.");
}
