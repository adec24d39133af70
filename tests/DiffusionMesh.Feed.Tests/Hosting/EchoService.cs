using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests.Hosting;

internal sealed class EchoService(EchoHandlers handlers) : Echo.EchoBase
{
    public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) =>
        handlers.Unary is { } handler ? handler(request, context) : base.Unary(request, context);

    public override Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context) =>
        handlers.Collect is { } handler ? handler(requestStream, context) : base.Collect(requestStream, context);

    public override Task Repeat(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context) =>
        handlers.Repeat is { } handler ? handler(request, responseStream, context) : base.Repeat(request, responseStream, context);

    public override Task Exchange(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context) =>
        handlers.Exchange is { } handler
            ? handler(requestStream, responseStream, context)
            : base.Exchange(requestStream, responseStream, context);
}
