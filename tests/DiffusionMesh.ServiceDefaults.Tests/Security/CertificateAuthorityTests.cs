using System.Security.Cryptography;
using DiffusionMesh.Transport;
using Grpc.Core;

namespace DiffusionMesh.ServiceDefaults.Tests.Security;

public sealed class CertificateAuthorityTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-ca-");

    [Fact]
    public async Task Certificates_OfAnAuthority_ServeAndProveClients()
    {
        using var authority = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);
        var (server, client) = (authority.Issue(["localhost", "127.0.0.1"], TimeSpan.FromDays(1)), authority.Issue(["alice"], TimeSpan.FromDays(1)));
        await using var host = await DefaultsHost.StartAsync(
            $"--Tls:CertificateFile={server.CertificateFile}", $"--Tls:KeyFile={server.KeyFile}", $"--Tls:ClientCaFile={authority.CertificateFile}");

        Assert.Null(await FailureAsync(host, new() { CaFile = authority.CertificateFile, CertificateFile = client.CertificateFile, KeyFile = client.KeyFile }));
        Assert.NotNull(await FailureAsync(host, new() { CaFile = authority.CertificateFile }));
    }

    [Fact]
    public async Task Open_AFolderWithAnAuthority_IsTheSameOne()
    {
        using var first = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);
        var server = first.Issue(["localhost"], TimeSpan.FromDays(1));
        var before = File.ReadAllText(server.CertificateFile);
        using var again = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);
        var renewed = again.Issue(["localhost"], TimeSpan.FromDays(1));
        await using var host = await DefaultsHost.StartAsync($"--Tls:CertificateFile={renewed.CertificateFile}", $"--Tls:KeyFile={renewed.KeyFile}");

        Assert.Null(await FailureAsync(host, new() { CaFile = first.CertificateFile }));
        Assert.NotEqual(before, File.ReadAllText(renewed.CertificateFile));
    }

    [Fact]
    public void Keys_AreForTheirOwnerOnly()
    {
        using var authority = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);
        authority.Issue(["localhost"], TimeSpan.FromDays(1));

        var keys = _folder.GetFiles("*.key");
        Assert.Equal(["ca.key", "localhost.key"], keys.Select(key => key.Name).Order());
        Assert.All(keys, key => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, key.UnixFileMode));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    [InlineData("a b")]
    [InlineData("/etc/x")]
    public void Issue_ANameThatIsNone_IsRefusedAndWritesNothing(string name)
    {
        using var authority = CertificateAuthority.Open(_folder.FullName, TimeProvider.System);

        Assert.Throws<FormatException>(() => authority.Issue([name], TimeSpan.FromDays(1)));

        Assert.Equal(2, _folder.GetFileSystemInfos().Length);
    }

    [Fact]
    public void Open_AFolderWhoseKeyIsAnothers_IsRefused()
    {
        using (CertificateAuthority.Open(_folder.FullName, TimeProvider.System))
        {
        }

        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(_folder.FullName, "ca.key"), other.ExportPkcs8PrivateKeyPem());

        Assert.Throws<CryptographicException>(() => CertificateAuthority.Open(_folder.FullName, TimeProvider.System));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task<RpcException?> FailureAsync(DefaultsHost host, TransportSettings settings)
    {
        using var calls = new SecureCalls($"https://localhost:{host.Port}", settings);
        return await calls.FailureAsync();
    }
}
