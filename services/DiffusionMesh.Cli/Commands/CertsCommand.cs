using System.CommandLine;
using System.Security.Cryptography;
using DiffusionMesh.Cli.CommandLine;
using DiffusionMesh.Cli.Documents;
using DiffusionMesh.Transport;

namespace DiffusionMesh.Cli.Commands;

/// <summary><c>dmesh certs</c>: an authority of one's own, and certificates of services and clients.</summary>
internal static class CertsCommand
{
    private const int MaxDays = 3650;

    public static Command Create()
    {
        var folder = new Option<string?>("--out")
        {
            HelpName = "DIR",
            Description = "Folder of the authority; the one that is there is used again. Default: certs.",
        };
        var names = new Option<string[]>("--name")
        {
            HelpName = "HOST[,HOST...]",
            Description = "Names and addresses by which one service is called, the first of them naming its files; repeat for several services. "
                + "Default: localhost,127.0.0.1.",
        };
        var days = NumberOption.Create("--days", "COUNT", 1, MaxDays, $"How long the certificates are valid, 1 to {MaxDays}. Default: 365.");
        var command = new Command(
            "certs", "Makes certificates for services and clients, signed by an authority in a folder; it is made when there is none. Run it again to renew them.")
        {
            folder, names, days,
        };
        command.SetAction(parse =>
        {
            var services = parse.GetValue(names) is { Length: > 0 } given ? given : ["localhost,127.0.0.1"];
            var issued = Issue(parse.GetValue(folder) ?? "certs", services, TimeSpan.FromDays(parse.GetValue(days) ?? 365));
            Write(issued, Terminal.For(parse.GetValue(DmeshCommand.Json)));
            return ExitCode.Done;
        });
        return command;
    }

    private static CertificatesDocument Issue(string folder, string[] services, TimeSpan validity)
    {
        try
        {
            string[][] names = [.. services.Select(service => service.Split(',', StringSplitOptions.TrimEntries))];
            Array.ForEach(names, CertificateAuthority.RequireNames);
            using var authority = CertificateAuthority.Open(folder, TimeProvider.System);
            return new(authority.CertificateFile, [.. names.Select(service => CertificateSection.Of(authority.Issue(service, validity)))]);
        }
        catch (FormatException error)
        {
            throw CommandFailure.BadArgument("--name", error.Message);
        }
        catch (CryptographicException error)
        {
            throw CommandFailure.BadArgument("--out", $"'{folder}' holds no authority that can be used: {error.Message}");
        }
    }

    private static void Write(CertificatesDocument document, Terminal terminal)
    {
        if (terminal.Json)
        {
            Terminal.WriteJson(Console.Out, document, DocumentJson.Legible.CertificatesDocument);
            return;
        }

        Console.Out.WriteLine($"Authority: {document.Authority}. Services set it as Tls:CaFile and, to ask clients for certificates, as Tls:ClientCaFile; commands take it as --ca.");
        foreach (var certificate in document.Certificates)
        {
            Console.Out.WriteLine($"{string.Join(", ", certificate.Names)}, until {certificate.ValidUntil:yyyy-MM-dd}:");
            Console.Out.WriteLine($"  --Tls:CertificateFile={certificate.Certificate} --Tls:KeyFile={certificate.Key}");
        }
    }
}
