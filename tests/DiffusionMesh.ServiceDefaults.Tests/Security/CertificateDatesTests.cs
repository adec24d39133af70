
namespace DiffusionMesh.ServiceDefaults.Tests.Security;

public sealed class CertificateDatesTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    [Theory]
    [InlineData(-40, -10, " expired on ")]
    [InlineData(10, 40, " is not valid before ")]
    [InlineData(-40, 3, " expires on ")]
    [InlineData(-1, 3, null)]
    [InlineData(-40, 10, null)]
    public async Task Host_WithACertificate_WarnsOfItsDaysAndNamesTheFile(int from, int until, string? says)
    {
        var now = DateTimeOffset.UtcNow;
        _authority.Issue("server", now.AddDays(from), now.AddDays(until));
        using var log = new LoggedEvents("CertificateDates");

        await using var host = await DefaultsHost.StartAsync(_ => { }, log, _authority.Serving("server"));

        Assert.Equal(says is null ? 0 : 1, log.Lines.Count);
        Assert.All(log.Lines, line =>
        {
            Assert.Contains(says!, line, StringComparison.Ordinal);
            Assert.Contains($"{_authority.PathOf("server.crt")} (Tls:CertificateFile)", line, StringComparison.Ordinal);
        });
    }

    public void Dispose() => _authority.Dispose();
}
