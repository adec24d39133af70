using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Security;

/// <summary>Refuses settings that contradict each other, before anything listens.</summary>
internal sealed class SecurityRules(IConfiguration configuration) : IValidateOptions<TlsOptions>, IValidateOptions<SecurityOptions>
{
    public const string NeedsCertificate = "Set Tls:CertificateFile and Tls:KeyFile";

    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        if (options.CertificateFile.Length > 0 != options.KeyFile.Length > 0)
        {
            return Fail("Tls:CertificateFile and Tls:KeyFile belong together: set both or neither");
        }

        if (options.CertificateFile.Length > 0)
        {
            return ValidateOptionsResult.Success;
        }

        if (options.ClientCaFile.Length > 0)
        {
            return Fail($"Tls:ClientCaFile asks clients for certificates, which plaintext cannot carry. {NeedsCertificate}");
        }

        return (configuration["urls"] ?? "").Contains("https://", StringComparison.OrdinalIgnoreCase) || !string.IsNullOrEmpty(configuration["https_ports"])
            ? Fail($"an https:// URL needs a certificate. {NeedsCertificate}")
            : ValidateOptionsResult.Success;
    }

    public ValidateOptionsResult Validate(string? name, SecurityOptions options)
    {
        var problems = AcceptedToken.Problems(options.Tokens).ToList();
        if (options.Token.Length > 0 && options.TokenFile.Length > 0)
        {
            problems.Add("Security:Token and Security:TokenFile are both set: choose one");
        }

        return problems.Count > 0 ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }

    private static ValidateOptionsResult Fail(string message) => ValidateOptionsResult.Fail(message);
}
