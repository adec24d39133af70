using DiffusionMesh.Transport;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Tests.Security;

public sealed class PlaintextTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    public async Task Host_InPlaintextBeyondLoopback_RefusesToStartAndNamesTheSettings(string url)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => DefaultsHost.StartAsync($"--urls={url}"));

        Assert.Contains("Tls:CertificateFile", error.Message, StringComparison.Ordinal);
        Assert.Contains("Security:AllowPlaintext=true", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_InPlaintextBeyondLoopback_StartsWhereThatIsAllowed() =>
        await (await DefaultsHost.StartAsync("--urls=http://0.0.0.0:0", "--Security:AllowPlaintext=true")).DisposeAsync();

    [Fact]
    public async Task Host_WithACertificate_SpeaksTlsOnEveryPort()
    {
        _authority.Issue("server");
        await using var host = await DefaultsHost.StartAsync(["--urls=http://0.0.0.0:0", .. _authority.Serving("server")]);

        using var calls = new SecureCalls($"https://127.0.0.1:{host.Port}", new TransportSettings { CaFile = _authority.CaFile });

        Assert.Null(await calls.FailureAsync());
    }

    [Theory]
    [InlineData("Tls:KeyFile", "--Tls:CertificateFile=a.crt")]
    [InlineData("Tls:CertificateFile", "--Tls:ClientCaFile=ca.pem")]
    [InlineData("Tls:CertificateFile", "--urls=https://127.0.0.1:0")]
    [InlineData("Security:TokenFile", "--Security:Token=a", "--Security:TokenFile=b")]
    public async Task Host_WithSettingsThatContradict_RefusesToStart(string named, params string[] settings)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => DefaultsHost.StartAsync(settings));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_WithoutItsCertificateFile_RefusesToStartAndNamesIt()
    {
        var error = await Assert.ThrowsAnyAsync<IOException>(() => DefaultsHost.StartAsync(_authority.Serving("missing")));

        Assert.Contains("missing.crt", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5101", true)]
    [InlineData("http://localhost:5101", true)]
    [InlineData("http://[::1]:5101", true)]
    [InlineData("dns:///localhost:5101", true)]
    [InlineData("static:///127.0.0.1:1,[::1]:2", true)]
    [InlineData("https://denoiser:8080", true)]
    [InlineData("http://denoiser:8080", false)]
    [InlineData("http://127.0.0.1.example.org:8080", false)]
    [InlineData("dns:///denoiser:8080", false)]
    [InlineData("static:///127.0.0.1:1,denoiser:2", false)]
    public void Address_WithoutACa_IsRefusedWherePlaintextWouldLeaveTheMachine(string address, bool isAllowed)
    {
        var refusal = new MeshTransport(new TransportSettings()).Refusal(new Uri(address));

        Assert.Equal(isAllowed, refusal is null);
        Assert.Null(new MeshTransport(new TransportSettings { AllowPlaintext = true }).Refusal(new Uri(address)));
    }

    [Fact]
    public void Address_OfDns_IsTlsWhereACaIsSet()
    {
        var transport = new MeshTransport(new TransportSettings { CaFile = _authority.CaFile });

        Assert.Null(transport.Refusal(new Uri("dns:///denoiser:8080")));
        Assert.NotNull(transport.Refusal(new Uri("http://denoiser:8080")));
        Assert.True(transport.IsTls(new Uri("dns:///denoiser:8080")));
    }

    [Fact]
    public void Channel_ThatIsRefused_IsNotSecured()
    {
        using var handler = new SocketsHttpHandler();

        var error = Assert.Throws<InvalidOperationException>(
            () => new MeshTransport(new TransportSettings()).Secure(new Uri("http://denoiser:8080"), handler, new GrpcChannelOptions(), withToken: true));

        Assert.Contains("Security:AllowPlaintext", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _authority.Dispose();
}
