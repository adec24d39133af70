using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.ServiceDefaults;
using Microsoft.AspNetCore.Builder;

namespace DiffusionMesh.Cli.Tests.Mesh;

/// <summary>A host as orchestrators are, without searches of its own.</summary>
internal sealed class TlsServer(WebApplication app) : IAsyncDisposable
{
    public int Port => new Uri(app.Urls.Single()).Port;

    /// <param name="settings">For example <c>--Tls:CertificateFile=FILE</c>.</param>
    public static Task<TlsServer> StartAsync(params IEnumerable<string> settings) => StartAsync<NoSearches>(settings);

    /// <typeparam name="TSearches">What answers for searches.</typeparam>
    /// <param name="settings">For example <c>--Tls:CertificateFile=FILE</c>.</param>
    public static async Task<TlsServer> StartAsync<TSearches>(params IEnumerable<string> settings)
        where TSearches : SearchService.SearchServiceBase
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", .. settings]);
        builder.AddServiceDefaults("orchestrator");
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGrpcService<TSearches>();
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    internal sealed class NoSearches : SearchService.SearchServiceBase;
}
