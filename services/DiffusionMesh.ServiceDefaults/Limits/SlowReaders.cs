using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionMesh.ServiceDefaults.Limits;

/// <summary>Cuts off calls whose answer nobody reads: what is sent must be taken within <see cref="LimitOptions.WriteSeconds"/>.</summary>
/// <remarks>A reader that leaves its window closed would else hold a call, its buffers and its place for ever.</remarks>
internal sealed partial class SlowReaders(RequestDelegate next, IOptions<LimitOptions> options, ILogger<SlowReaders> logger)
{
    private const int EnhanceYourCalm = 0xB;

    private readonly ILogger _logger = logger;
    private readonly TimeSpan _limit = TimeSpan.FromSeconds(options.Value.WriteSeconds);

    public Task InvokeAsync(HttpContext http)
    {
        var body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        http.Features.Set<IHttpResponseBodyFeature>(new Body(body, new Pipe(this, http, body.Writer)));
        return next(http);
    }

    [LoggerMessage(EventName = "SlowReaderCutOff", Level = LogLevel.Warning, Message = "{Method}: its caller read nothing for {Limit}; the call is cut off")]
    private static partial void LogCutOff(ILogger logger, string method, TimeSpan limit);

    private sealed class Body(IHttpResponseBodyFeature inner, PipeWriter writer) : IHttpResponseBodyFeature
    {
        public Stream Stream => inner.Stream;

        public PipeWriter Writer => writer;

        public void DisableBuffering() => inner.DisableBuffering();

        public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
            inner.SendFileAsync(path, offset, count, cancellationToken);

        public Task CompleteAsync() => inner.CompleteAsync();
    }

    private sealed class Pipe(SlowReaders readers, HttpContext http, PipeWriter inner) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            var flush = inner.FlushAsync(cancellationToken);
            return flush.IsCompletedSuccessfully ? flush : Bounded(flush.AsTask());
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            var write = inner.WriteAsync(source, cancellationToken);
            return write.IsCompletedSuccessfully ? write : Bounded(write.AsTask());
        }

        // Clients of gRPC see this code of HTTP/2 as RESOURCE_EXHAUSTED.
        private void CutOff()
        {
            if (http.Features.Get<IHttpResetFeature>() is { } stream)
            {
                stream.Reset(EnhanceYourCalm);
            }
            else
            {
                http.Abort();
            }
        }

        private async ValueTask<FlushResult> Bounded(Task<FlushResult> flush)
        {
            try
            {
                return await flush.WaitAsync(readers._limit);
            }
            catch (TimeoutException)
            {
                LogCutOff(readers._logger, http.Request.Path, readers._limit);
                CutOff();
                throw new OperationCanceledException($"the caller read nothing for {readers._limit}");
            }
        }
    }
}
