using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Transport;
using Grpc.Core;
using Grpc.Net.Client;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>
/// An orchestrator and its services with mutual TLS and tokens, on real ports. Its callers: <c>alice</c> and <c>bob</c>, who
/// search, <c>judge</c>, who scores, and <c>root</c>, the administrator.
/// </summary>
public sealed class SecuredMesh : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-secured-");
    private readonly Dictionary<string, string> _tokens =
        new[] { "mesh", "alice", "bob", "judge", "root" }.ToDictionary(name => name, _ => NewToken.Create(), StringComparer.Ordinal);

    private readonly List<GrpcChannel> _channels = [];
    private CertificateAuthority _authority = null!;
    private IssuedCertificate _certificate = null!;
    private RunningHost _denoiser = null!;
    private RunningHost _verifier = null!;
    private RunningHost _orchestrator = null!;

    /// <summary>Who makes no handshake: there is no certificate.</summary>
    public SearchService.SearchServiceClient Unproven => new(CallsOf(Transport("alice") with { CertificateFile = "", KeyFile = "" }, _orchestrator));

    /// <summary>Alice's calls to the denoiser, which knows the orchestrator alone.</summary>
    public DenoiserService.DenoiserServiceClient DenoiserOfAlice => new(CallsOf(Transport("alice"), _denoiser));

    public CallInvoker CallsOf(string caller) => CallsOf(Transport(caller), _orchestrator);

    public SearchService.SearchServiceClient As(string caller) => new(CallsOf(caller));

    public async Task InitializeAsync()
    {
        _authority = CertificateAuthority.Open(Path.Combine(_folder.FullName, "certs"), TimeProvider.System);
        _certificate = _authority.Issue(["localhost"], TimeSpan.FromDays(1));
        var tokenFile = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(tokenFile, _tokens["mesh"]);
        string[] tls =
        [
            $"--Tls:CertificateFile={_certificate.CertificateFile}",
            $"--Tls:KeyFile={_certificate.KeyFile}",
            $"--Tls:CaFile={_authority.CertificateFile}",
            $"--Tls:ClientCaFile={_authority.CertificateFile}",
        ];
        _denoiser = await ScriptedServer.StartAsync(new ScriptedDenoiser(), Transport("mesh"), [.. tls, .. Accepted(0, "mesh", "", "search")]);
        _verifier = await ScriptedServer.StartAsync(new ScriptedVerifier(), Transport("mesh"), [.. tls, .. Accepted(0, "mesh", "", "score")]);
        _orchestrator = await RunningHost.StartAsync(
            OrchestratorHost.Build,
            Transport("root"),
            [
                .. tls,
                .. Accepted(0, "alice", "alice", "search"),
                .. Accepted(1, "bob", "bob", "search"),
                .. Accepted(2, "judge", "alice", "score"),
                .. Accepted(3, "root", "", "admin"),
                $"--Security:TokenFile={tokenFile}",
                $"--Orchestrator:DataDirectory={Path.Combine(_folder.FullName, "data")}",
                $"--Orchestrator:Denoiser=static:///localhost:{_denoiser.Address.Port}",
                $"--Orchestrator:Verifiers:brightness={_verifier.Address}",
            ]);
    }

    public async Task DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await _orchestrator.DisposeAsync();
        await _verifier.DisposeAsync();
        await _denoiser.DisposeAsync();
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private CallInvoker CallsOf(TransportSettings transport, RunningHost host)
    {
        var channel = RunningHost.Open(host.Address, transport);
        _channels.Add(channel);
        return channel.CreateCallInvoker();
    }

    private TransportSettings Transport(string caller) => new()
    {
        CaFile = _authority.CertificateFile,
        CertificateFile = _certificate.CertificateFile,
        KeyFile = _certificate.KeyFile,
        Token = _tokens[caller],
    };

    private string[] Accepted(int index, string caller, string tenant, string scope) =>
    [
        $"--Security:Tokens:{index}:Sha256={NewToken.HashOf(_tokens[caller])}",
        $"--Security:Tokens:{index}:Tenant={tenant}",
        $"--Security:Tokens:{index}:Scopes:0={scope}",
    ];
}
