using System.Text.Json;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.VerifierV1;
using DiffusionMesh.ServiceDefaults.Security;
using DiffusionMesh.Transport;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Tests.Security;

public sealed class TokenTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dmesh-token-");

    private string Settings => Path.Combine(_folder.FullName, "settings.json");

    [Theory]
    [InlineData("search", "search", StatusCode.OK)]
    [InlineData("search", "score", StatusCode.PermissionDenied)]
    [InlineData("search", "admin", StatusCode.PermissionDenied)]
    [InlineData("score", "score", StatusCode.OK)]
    [InlineData("score", "search", StatusCode.PermissionDenied)]
    [InlineData("admin", "search", StatusCode.OK)]
    [InlineData("admin", "score", StatusCode.OK)]
    [InlineData("admin", "admin", StatusCode.OK)]
    public async Task Call_ByAToken_NeedsItsScope(string scope, string needed, StatusCode expected)
    {
        var token = NewToken.Create();
        await using var host = await StartAsync(Accepting(token, "alice", scope));

        var (code, detail) = await CallAsync(host, needed, token);

        Assert.Equal(expected, code);
        Assert.True(expected == StatusCode.OK || detail.Contains(needed, StringComparison.Ordinal), detail);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("dmesh_wrong")]
    public async Task Call_WithoutOneOfTheTokens_IsUnauthenticated(string? token)
    {
        await using var host = await StartAsync(Accepting(NewToken.Create(), "alice", "admin"));

        var (code, detail) = await CallAsync(host, "search", token);

        Assert.Equal(StatusCode.Unauthenticated, code);
        Assert.Contains("token", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ForHealth_NeedsNoToken()
    {
        await using var host = await StartAsync(Accepting(NewToken.Create(), "alice", "admin"));
        using var calls = new SecureCalls($"http://127.0.0.1:{host.Port}", new TransportSettings());

        Assert.Null(await calls.FailureAsync());
    }

    [Fact]
    public async Task Caller_OfAToken_IsItsTenant()
    {
        var (alice, admin) = (NewToken.Create(), NewToken.Create());
        await using var host = await StartAsync([.. Accepting(alice, "alice", "search"), .. Accepting(admin, "", "admin", 1)]);

        Assert.Equal((StatusCode.OK, "alice False"), await CallAsync(host, "search", alice));
        Assert.Equal((StatusCode.OK, " True"), await CallAsync(host, "search", admin));
    }

    [Fact]
    public async Task Tokens_OfASettingsFile_FollowIt()
    {
        var (first, second) = (NewToken.Create(), NewToken.Create());
        Write(first);
        await using var host = await StartAsync($"--SettingsFile={Settings}");
        Assert.Equal(StatusCode.OK, (await CallAsync(host, "search", first)).Code);

        Write(second);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((await CallAsync(host, "search", second)).Code != StatusCode.OK)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(StatusCode.Unauthenticated, (await CallAsync(host, "search", first)).Code);
    }

    [Fact]
    public async Task Tokens_OfASettingsFileThatIsNoLongerJson_StayAndTheLogSaysWhy()
    {
        var (token, next) = (NewToken.Create(), NewToken.Create());
        Write(token);
        using var log = new LoggedEvents("TokensRefused");
        await using var host = await DefaultsHost.StartAsync(MapServices, log, $"--SettingsFile={Settings}");

        await File.WriteAllTextAsync(Settings, "{ \"Security\": { \"Tokens\": [,] } }");
        Assert.Contains(Settings, await log.NextAsync(), StringComparison.Ordinal);
        var kept = (await CallAsync(host, "search", token)).Code;

        Write(next);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while ((await CallAsync(host, "search", next)).Code != StatusCode.OK)
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        Assert.Equal(StatusCode.OK, kept);
    }

    [Fact]
    public async Task Tokens_OfASettingsFileThatIsDeleted_StayAndTheLogNamesTheFile()
    {
        var token = NewToken.Create();
        Write(token);
        using var log = new LoggedEvents("TokensRefused");
        await using var host = await DefaultsHost.StartAsync(MapServices, log, $"--SettingsFile={Settings}");

        File.Delete(Settings);

        Assert.Contains($"there is no file {Settings}", await log.NextAsync(), StringComparison.Ordinal);
        Assert.Equal(StatusCode.OK, (await CallAsync(host, "search", token)).Code);
    }

    [Fact]
    public async Task Token_OfAFile_IsPresented()
    {
        var token = NewToken.Create();
        var file = Path.Combine(_folder.FullName, "token");
        await File.WriteAllTextAsync(file, token + "\n");
        await using var host = await StartAsync(Accepting(token, "alice", "search"));
        using var calls = new SecureCalls($"dns:///localhost:{host.Port}", new TransportSettings { TokenFile = file });

        var answer = await new SearchService.SearchServiceClient(calls.Calls).GetSearchAsync(new GetSearchRequest());

        Assert.Equal("alice False", answer.Search.Id);
    }

    [Theory]
    [InlineData("Sha256", "--Security:Tokens:0:Sha256=dmesh_abc", "--Security:Tokens:0:Scopes:0=search")]
    [InlineData("Scopes", "--Security:Tokens:0:Sha256=0000000000000000000000000000000000000000000000000000000000000000", "--Security:Tokens:0:Scopes:0=sing")]
    [InlineData("Scopes", "--Security:Tokens:0:Sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Tokens_ThatMakeNoSense_KeepTheHostFromStarting(string named, params string[] settings)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(settings));

        Assert.Contains($"Security:Tokens:0:{named}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scopes_EveryCallOfEveryContract_HasOne()
    {
        var contracts = new[] { SearchService.Descriptor, DenoiserService.Descriptor, ModelAdminService.Descriptor, VerifierService.Descriptor }
            .Select(service => service.File)
            .Append(FeatureService.Descriptor.File);
        var methods = contracts.SelectMany(file => file.Services).SelectMany(service => service.Methods, (service, method) => $"/{service.FullName}/{method.Name}");

        Assert.All(methods, method => Assert.Contains(Scopes.Of(method), Scopes.Known));
    }

    [Fact]
    public void Document_ScopesTable_IsThatOfTheCode()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "security.md"));

        Assert.All(Scopes.Services, service => Assert.Contains($"| `{service.Key}` | {service.Value} |", document, StringComparison.Ordinal));
        Assert.Equal(Scopes.Services.Count(), document.Split('\n').Count(line => line.StartsWith("| `diffusionmesh.", StringComparison.Ordinal) || line.StartsWith("| `grpc.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(typeof(TlsOptions), "Tls")]
    [InlineData(typeof(SecurityOptions), "Security")]
    [InlineData(typeof(ServiceDefaults.Limits.LimitOptions), "Limits")]
    public void Document_Settings_AreAllListed(Type options, string section)
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "security.md"));

        Assert.All(options.GetProperties(), property => Assert.Contains($"| `{section}:{property.Name}` |", document, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static Task<DefaultsHost> StartAsync(params string[] settings) => DefaultsHost.StartAsync(MapServices, settings);

    private static void MapServices(WebApplication app)
    {
        app.MapGrpcService<Echo>();
        app.MapGrpcService<EchoScores>();
        app.MapGrpcService<EchoAdmin>();
    }

    private static string[] Accepting(string token, string tenant, string scope, int index = 0) =>
    [
        $"--Security:Tokens:{index}:Sha256={NewToken.HashOf(token)}",
        $"--Security:Tokens:{index}:Tenant={tenant}",
        $"--Security:Tokens:{index}:Scopes:0={scope}",
    ];

    private void Write(string token) => File.WriteAllText(Settings, JsonSerializer.Serialize(new
    {
        Security = new { Tokens = new[] { new { Sha256 = NewToken.HashOf(token), Tenant = "alice", Scopes = new[] { "search" } } } },
    }));

    private static async Task<(StatusCode Code, string Detail)> CallAsync(DefaultsHost host, string needed, string? token)
    {
        using var calls = new SecureCalls($"http://127.0.0.1:{host.Port}", new TransportSettings { Token = token ?? "" });
        try
        {
            return (StatusCode.OK, needed switch
            {
                "search" => (await new SearchService.SearchServiceClient(calls.Calls).GetSearchAsync(new GetSearchRequest())).Search.Id,
                "score" => (await new FeatureService.FeatureServiceClient(calls.Calls).GetReferenceAsync(new GetReferenceRequest())).Name,
                _ => (await new ModelAdminService.ModelAdminServiceClient(calls.Calls).LoadModelAsync(new LoadModelRequest())).Model.Name,
            });
        }
        catch (RpcException error)
        {
            return (error.StatusCode, error.Status.Detail);
        }
    }

    internal sealed class Echo : SearchService.SearchServiceBase
    {
        public override Task<GetSearchResponse> GetSearch(GetSearchRequest request, ServerCallContext context) =>
            Task.FromResult(new GetSearchResponse { Search = new Contracts.SearchV1.Search { Id = $"{Caller.Of(context).Tenant} {Caller.Of(context).IsAdmin}" } });
    }

    internal sealed class EchoScores : FeatureService.FeatureServiceBase
    {
        public override Task<GetReferenceResponse> GetReference(GetReferenceRequest request, ServerCallContext context) => Task.FromResult(new GetReferenceResponse());
    }

    internal sealed class EchoAdmin : ModelAdminService.ModelAdminServiceBase
    {
        public override Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context) =>
            Task.FromResult(new LoadModelResponse { Model = new Model() });
    }
}
