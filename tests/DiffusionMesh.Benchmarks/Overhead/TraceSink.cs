using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DiffusionMesh.Benchmarks.Overhead;

/// <summary>Takes whatever is exported by OTLP over HTTP, and throws it away.</summary>
internal sealed class TraceSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _bytes;

    public TraceSink()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapPost("/{**path}", TakeAsync);
    }

    /// <summary>Bytes taken so far.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>What makes a host export to it, all of its traces.</summary>
    public string[] Arguments =>
        [$"--OTEL_EXPORTER_OTLP_ENDPOINT={_app.Urls.Single()}", "--OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "--OTEL_TRACES_SAMPLER=always_on"];

    public Task StartAsync(CancellationToken cancellationToken) => _app.StartAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        Interlocked.Add(ref _bytes, body.Length);
        return Results.Bytes(Array.Empty<byte>(), "application/x-protobuf");
    }
}
