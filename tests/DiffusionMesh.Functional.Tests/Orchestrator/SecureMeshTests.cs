using System.Net;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.Orchestrator;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.ServiceDefaults;
using DiffusionMesh.Transport;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>The orchestrator's channels to services with TLS and tokens.</summary>
public sealed class SecureMeshTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-secure-");
    private readonly CertificateAuthority _authority;

    public SecureMeshTests() => _authority = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);

    [Theory]
    [InlineData("https://localhost:{0}")]
    [InlineData("dns:///localhost:{0}")]
    [InlineData("static:///localhost:{0}")]
    public async Task Service_ThatIsConfigured_IsCalledOverTlsWithTheToken(string form)
    {
        var token = NewToken.Create();
        await using var app = await ServeAsync(token);
        var address = string.Format(null, form, new Uri(app.Urls.Single()).Port);
        using var channel = Channels(token, new OrchestratorOptions { Verifiers = { ["mine"] = address } }).Open(address);

        var answer = await new VerifierService.VerifierServiceClient(channel.Invoker).DescribeAsync(new DescribeRequest(), deadline: Limit);

        Assert.NotNull(answer.Verifier);
    }

    [Fact]
    public async Task Service_ThatASearchNames_IsNotShownTheToken()
    {
        var token = NewToken.Create();
        await using var app = await ServeAsync(token);
        var address = $"https://localhost:{new Uri(app.Urls.Single()).Port}";
        using var channel = Channels(token, new OrchestratorOptions()).Open(address);

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await new VerifierService.VerifierServiceClient(channel.Invoker).DescribeAsync(new DescribeRequest(), deadline: Limit));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public void Host_ThatWouldCallInPlaintext_RefusesToStart()
    {
        using var app = (IDisposable)OrchestratorHost.Build(["--Orchestrator:Denoiser=dns:///denoiser:8080"]);

        var error = Assert.Throws<OptionsValidationException>(() => ((WebApplication)app).Services.GetRequiredService<IOptions<OrchestratorOptions>>().Value);

        Assert.Contains("Security:AllowPlaintext", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static DateTime Limit => DateTime.UtcNow.AddSeconds(60);

    private async Task<WebApplication> ServeAsync(string token)
    {
        var certificate = _authority.Issue(["localhost"], TimeSpan.FromDays(1));
        var builder = WebApplication.CreateBuilder(
        [
            "--urls=http://127.0.0.1:0",
            $"--Tls:CertificateFile={certificate.CertificateFile}",
            $"--Tls:KeyFile={certificate.KeyFile}",
            $"--Security:Tokens:0:Sha256={NewToken.HashOf(token)}",
            "--Security:Tokens:0:Scopes:0=score",
        ]);
        builder.AddServiceDefaults("scripted");
        builder.Services.AddSingleton(new ScriptedVerifier());
        var app = builder.Build();
        app.MapGrpcService<ScriptedVerifier>();
        app.MapServiceDefaults();
        await app.StartAsync();
        return app;
    }

    private MeshChannels Channels(string token, OrchestratorOptions addresses) => new(
        Options.Create(new ServiceDefaultsOptions()),
        Options.Create(new MeshOptions()),
        Options.Create(addresses),
        new MeshTransport(new TransportSettings { CaFile = _authority.CertificateFile, Token = token }),
        (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
        TimeProvider.System,
        NullLoggerFactory.Instance);
}
