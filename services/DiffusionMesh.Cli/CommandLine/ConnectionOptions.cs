using System.CommandLine;
using DiffusionMesh.Transport;

namespace DiffusionMesh.Cli.CommandLine;

/// <summary>The options of every command that say how services are reached: whom to believe and how to prove oneself.</summary>
internal static class ConnectionOptions
{
    private const string TokenVariable = "DMESH_TOKEN";

    private static readonly Option<string?> Ca = File("--ca", "PEM file of the authorities that services are believed by. Default: those of the system, for https:// addresses.");

    private static readonly Option<string?> Certificate = File("--cert", "PEM file of a certificate to show to services that ask for one. Needs --key.");

    private static readonly Option<string?> Key = File("--key", "PEM file of the certificate's key.");

    private static readonly Option<string?> Token = File("--token-file", $"File with the token to present. Default: the variable {TokenVariable}, if it is set.");

    private static readonly Option<bool> AllowPlaintext = new("--allow-plaintext")
    {
        Description = "Call services on other machines without TLS, where the network is trusted. Default: off.",
        Recursive = true,
    };

    /// <summary>How messages about connections call these options.</summary>
    public static TransportWords Words { get; } = new(
        Ca.Name,
        Certificate.Name,
        Token.Name,
        "Use an https:// address (with --ca, if its authority is not the system's), or --allow-plaintext where the network is trusted.");

    public static IEnumerable<Option> All => [Ca, Certificate, Key, Token, AllowPlaintext];

    /// <exception cref="CommandFailure">An option is wrong, or its file.</exception>
    public static MeshTransport Read(ParseResult parse)
    {
        var (certificate, key) = (parse.GetValue(Certificate) ?? "", parse.GetValue(Key) ?? "");
        if (certificate.Length > 0 != key.Length > 0)
        {
            throw CommandFailure.BadArgument(certificate.Length > 0 ? Key.Name : Certificate.Name, "--cert and --key belong together");
        }

        var file = parse.GetValue(Token) ?? "";
        try
        {
            return new MeshTransport(new TransportSettings
            {
                CaFile = parse.GetValue(Ca) ?? "",
                CertificateFile = certificate,
                KeyFile = key,
                TokenFile = file,
                Token = file.Length > 0 ? "" : Environment.GetEnvironmentVariable(TokenVariable) ?? "",
                AllowPlaintext = parse.GetValue(AllowPlaintext),
                Words = Words,
            });
        }
        catch (TransportFileException error)
        {
            throw CommandFailure.BadArgument(error.Setting, error.Problem);
        }
        catch (FormatException error)
        {
            throw CommandFailure.BadArgument(TokenVariable, error.Message);
        }
    }

    /// <summary>The words that give a command the same settings again; a token of the environment is there already.</summary>
    public static IEnumerable<string> Of(TransportSettings settings)
    {
        (Option Option, string File)[] files = [(Ca, settings.CaFile), (Certificate, settings.CertificateFile), (Key, settings.KeyFile), (Token, settings.TokenFile)];
        return files.Where(given => given.File.Length > 0)
            .SelectMany(given => new[] { given.Option.Name, given.File })
            .Concat(settings.AllowPlaintext ? [AllowPlaintext.Name] : []);
    }

    private static Option<string?> File(string name, string description) => new(name) { HelpName = "FILE", Description = description, Recursive = true };
}
