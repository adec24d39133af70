using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DiffusionMesh.Tests;

namespace DiffusionMesh.Deployment.Tests;

/// <summary>What whoever starts a host reads when it does not start.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-start-");

    public static TheoryData<string, string, string> Settings => new()
    {
        { "orchestrator", "--Orchestrator:Parallelism=0", "Orchestrator:Parallelism is 0; it must lie in [1, 1024]" },
        { "orchestrator", "--Orchestrator:MaxRunningSearches=abc", "Orchestrator:MaxRunningSearches is 'abc'; it must be a whole number of at most 2147483647" },
        { "orchestrator", "--Orchestrator:Tenants:alice:NfePerDay=-5", "Orchestrator:Tenants:alice:NfePerDay is -5; it must be 0 or more" },
        { "orchestrator", "--Orchestrator:Tenants:alice:Share=much", "Orchestrator:Tenants:alice:Share is 'much'; it must be a number" },
        { "orchestrator", "--Orchestrator:Retention:Days=-1", "Orchestrator:Retention:Days is -1; it must lie in [0, 36500]" },
        { "orchestrator", "--Orchestrator:Verifers:clip=http://127.0.0.1:1", "Orchestrator:Verifers is no setting of this host; the nearest is Orchestrator:Verifiers" },
        { "orchestrator", "--Orchestrator:Tenants:alice:NfePerDy=5", "Orchestrator:Tenants:alice:NfePerDy is no setting of this host; the nearest is Orchestrator:Tenants:alice:NfePerDay" },
        { "orchestrator", "--Orchestrator:Denoiser:Url=http://127.0.0.1:1", "Orchestrator:Denoiser:Url is no setting: Orchestrator:Denoiser is one value" },
        { "orchestrator", "--Mesh:HedgePercnt=5", "Mesh:HedgePercnt is no setting of this host; the nearest is Mesh:HedgePercent" },
        { "orchestrator", "--Security:AlowPlaintext=true", "Security:AlowPlaintext is no setting of this host; the nearest is Security:AllowPlaintext" },
        { "orchestrator", "--Tls:Pem=a", "Tls:Pem is no setting of this host; those of Tls are CaFile, CertificateFile, ClientCaFile, KeyFile" },
        { "orchestrator", "--Orchestrator:Verifiers:clip=nowhere", "Orchestrator:Verifiers:clip is 'nowhere'; it must be an address such as" },
        { "orchestrator", "--Orchestrator:Database=nonsense", "Orchestrator:Database must be a connection string such as Host=" },
        { "orchestrator", "--Orchestrator:Denoiser=http://denoiser:8080", "Security:AllowPlaintext=true" },
        { "orchestrator", "--Tls:CaFile=missing.pem", "Tls:CaFile: Could not find file" },
        { "orchestrator", "--SettingsFile=missing.json", "missing.json" },
        { "denoiser", "--urls=nonsense", "urls has 'nonsense'; it must be an address such as http://127.0.0.1:5100" },
        { "denoiser", "--urls=http://127.0.0.1:99999", "urls has 'http://127.0.0.1:99999'; it must be an address" },
        { "denoiser", "--Denoiser:Threds=1", "Denoiser:Threds is no setting of this host; the nearest is Denoiser:Threads" },
        { "denoiser", "--Denoiser:Provider=gpu", "Denoiser:Provider must be cpu, cuda or auto" },
        { "denoiser", "--MaxMessageMebibytes=lots", "MaxMessageMebibytes is 'lots'; it must be a whole number" },
        { "denoiser", "--DrainSeconds=-1", "DrainSeconds is -1; it must lie in [0, 86400]" },
        { "verifier-clip", "--Verifier:Scor=class-logit", "Verifier:Scor is no setting of this host; the nearest is Verifier:Score" },
        { "verifier-oracle", "--Limits:CallsPerCaler=5", "Limits:CallsPerCaler is no setting of this host; the nearest is Limits:CallsPerCaller" },
    };

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Host_WithAWrongSetting_SaysInOneSentenceWhichAndEndsWith1(string host, string setting, string says)
    {
        var start = await HostStart.RunAsync(host, Storage(), setting);

        Assert.Contains(says, Assert.Single(start.Errors), StringComparison.Ordinal);
        Assert.Equal(1, start.ExitCode);
    }

    [Fact]
    public async Task Host_WithSeveralWrongSettings_SaysThemAll()
    {
        var start = await HostStart.RunAsync("orchestrator", Storage(), "--Security:Tokens:0:Tennant=a", "--Mesh:HedgePercent=101", "--Limits:WriteSeconds=0");

        Assert.Contains("Security:Tokens:0:Tennant is no setting of this host; the nearest is Security:Tokens:0:Tenant", start.Errors);
        Assert.Contains("Security:Tokens:0:Sha256 must be", string.Join('\n', start.Errors), StringComparison.Ordinal);
        Assert.Contains("Mesh:HedgePercent is 101; it must lie in [0, 100]", start.Errors);
        Assert.Contains("Limits:WriteSeconds is 0; it must lie in [1, 86400]", start.Errors);
        Assert.Equal(1, start.ExitCode);
    }

    [Fact]
    public async Task Host_WithValuesThatCannotBeRead_SaysWhatElseIsWrongAsWell()
    {
        var start = await HostStart.RunAsync(
            "orchestrator",
            Storage(),
            "--MaxMessageMebibytes=lots",
            "--Orchestrator:MaxRunningSearches=abc",
            "--Orchestrator:Parallelism=0",
            "--Orchestrator:Verifers:clip=http://127.0.0.1:1",
            "--Limits:WriteSeconds=soon",
            "--Mesh:HedgePercent=101");

        string[] wrong = ["MaxMessageMebibytes", "Orchestrator:MaxRunningSearches", "Orchestrator:Parallelism", "Orchestrator:Verifers", "Limits:WriteSeconds", "Mesh:HedgePercent"];
        Assert.Equal(wrong.Order(StringComparer.Ordinal), start.Errors.Select(error => error.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(1, start.ExitCode);
    }

    [Fact]
    public async Task Host_InPlaintextBeyondLoopback_NamesWhatToSet() =>
        Expect(await HostStart.RunAsync("orchestrator", Storage(), "--urls=http://0.0.0.0:0"), "in plaintext", "Tls:CertificateFile", "Security:AllowPlaintext=true");

    [Fact]
    public async Task Orchestrator_WhoseDirectoryIsInUse_SaysByWhomAndWhatToSet()
    {
        await using var first = DeployedHost.All["orchestrator"].Build([new("Orchestrator__DataDirectory", _folder.FullName)]);
        await first.StartAsync();

        Expect(await HostStart.RunAsync("orchestrator", Storage()), "is in use by another orchestrator", "Orchestrator:DataDirectory");
    }

    [Fact]
    public async Task Orchestrator_WhoseDatabaseIsAway_SaysSo() =>
        Expect(
            await HostStart.RunAsync("orchestrator", "--Orchestrator:Database=Host=127.0.0.1;Port=1;Username=nobody", "--Orchestrator:DatabasePatienceSeconds=1"),
            "the database that Orchestrator:Database names does not answer as it should");

    [PostgresTheory]
    [InlineData("DiffusionMesh.Orchestrator migrate")]
    public async Task Orchestrator_OfAnOlderSchema_NamesTheCommandThatMendsIt(string command)
    {
        var database = await (await PostgresServer.Shared).CreateDatabaseAsync();

        Expect(await HostStart.RunAsync("orchestrator", $"--Orchestrator:Database={database}"), "has schema version 0", command);
    }

    [PostgresFact]
    public async Task Migrate_ReadsTheDatabaseAloneAndTheSettingsFile()
    {
        var database = await (await PostgresServer.Shared).CreateDatabaseAsync();
        var file = Path.Combine(_folder.FullName, "settings.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { Orchestrator = new { Database = database } }));

        var migrated = await HostStart.RunCommandAsync("orchestrator", "migrate", $"--SettingsFile={file}", "--Orchestrator:NfePerDay=many");

        Assert.True(migrated.ExitCode == 0, string.Join('\n', migrated.Errors));
    }

    [Fact]
    public async Task Migrate_WithoutADatabase_NamesTheSetting() =>
        Expect(await HostStart.RunCommandAsync("orchestrator", "migrate"), "Orchestrator:Database must name the database");

    [Fact]
    public async Task Migrate_WhoseSettingsFileIsMissing_NamesIt() =>
        Expect(await HostStart.RunCommandAsync("orchestrator", "migrate", "--SettingsFile=/nowhere/settings.json"), "/nowhere/settings.json");

    [Fact]
    public async Task Host_WhosePortIsInUse_NamesTheAddressAndTheOption()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        Expect(await HostStart.RunAsync("orchestrator", Storage(), $"--urls={url}"), url, "address already in use", "--urls");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Storage() => $"--Orchestrator:DataDirectory={_folder.FullName}";

    // What comes before may tell how far the host has come, in the log's lines.
    private static void Expect(HostStart start, params string[] says)
    {
        Assert.All(says, text => Assert.Contains(text, start.Errors[^1], StringComparison.Ordinal));
        Assert.DoesNotContain(start.Errors, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
        Assert.Equal(1, start.ExitCode);
    }
}
