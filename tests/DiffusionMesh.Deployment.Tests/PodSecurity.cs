using System.Text.Json;
using System.Text.Json.Nodes;
using DiffusionMesh.Transport;
using static DiffusionMesh.Deployment.Tests.Manifests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>The Secrets that an administrator makes for the component tls, as files, and pods that mount them.</summary>
internal sealed class PodSecurity : IDisposable
{
    private const string Volume = "security";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-pods-");
    private readonly CertificateAuthority _authority;
    private readonly string _token = NewToken.Create();

    // Only orchestrators accept it.
    private readonly string _clientToken = NewToken.Create();

    public PodSecurity() => _authority = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);

    /// <summary>What the container of a pod finds in its environment. Files of the volume lie in a folder of this machine.</summary>
    public Dictionary<string, string> EnvironmentOf(JsonNode deployment, Manifests manifests)
    {
        var environment = ContainerEnvironment.Of(Container(deployment), manifests).ToDictionary();
        if (Pod(deployment)["volumes"].Items().SingleOrDefault(volume => volume["name"].Text() == Volume) is not { } volume)
        {
            return environment;
        }

        var folder = Directory.CreateDirectory(Path.Combine(_folder.FullName, "pods", Name(deployment))).FullName;
        foreach (var secret in volume["projected"]!["sources"].Items())
        {
            Write(secret["secret"]!["name"].Text(), Name(deployment), folder);
        }

        var mount = Assert.Single(Container(deployment)["volumeMounts"].Items(), mount => mount["name"].Text() == Volume)["mountPath"].Text();
        return environment.ToDictionary(
            variable => variable.Key,
            variable => variable.Value.StartsWith(mount + "/", StringComparison.Ordinal) ? Path.Combine(folder, variable.Value[(mount.Length + 1)..]) : variable.Value);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    // As the comments of the component describe them.
    private void Write(string secret, string deployment, string folder)
    {
        if (secret == $"{deployment}-tls")
        {
            var issued = _authority.Issue([deployment, "127.0.0.1"], TimeSpan.FromDays(1));
            File.Copy(issued.CertificateFile, Path.Combine(folder, "tls.crt"), overwrite: true);
            File.Copy(issued.KeyFile, Path.Combine(folder, "tls.key"), overwrite: true);
            File.Copy(_authority.CertificateFile, Path.Combine(folder, "ca.crt"), overwrite: true);
        }
        else if (secret == (deployment == "orchestrator" ? "client-tokens" : "service-tokens"))
        {
            object accepted = new { Sha256 = NewToken.HashOf(deployment == "orchestrator" ? _clientToken : _token), Scopes = new[] { "search", "score" } };
            File.WriteAllText(Path.Combine(folder, "settings.json"), JsonSerializer.Serialize(new { Security = new { Tokens = new[] { accepted } } }));
        }
        else if (secret == "orchestrator-token" && deployment == "orchestrator")
        {
            File.WriteAllText(Path.Combine(folder, "token"), _token);
        }
        else
        {
            throw new InvalidOperationException($"{deployment} mounts {secret}, which nobody makes");
        }
    }
}
