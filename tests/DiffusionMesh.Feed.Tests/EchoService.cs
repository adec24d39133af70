using DiffusionMesh.Feed.Tests.Protos;
using Grpc.Core;

namespace DiffusionMesh.Feed.Tests;

internal sealed class EchoService : Echo.EchoBase
{
    public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) =>
        Task.FromResult(new EchoReply { Text = request.Text });
}
