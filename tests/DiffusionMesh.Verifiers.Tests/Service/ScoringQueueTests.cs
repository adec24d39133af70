using DiffusionMesh.Contracts;
using DiffusionMesh.Verifiers.Service;
using Google.Rpc;
using Grpc.Core;

namespace DiffusionMesh.Verifiers.Tests.Service;

public sealed class ScoringQueueTests
{
    private readonly ScoringQueue _queue = new(new VerifierOptions { MaxQueuedCandidates = 10 });

    [Fact]
    public void Enter_UpToTheLimit_HasRoom()
    {
        using var first = _queue.Enter(4);
        using var second = _queue.Enter(6);
    }

    [Fact]
    public void Enter_BeyondTheLimit_SaysWhenToComeBack()
    {
        using var first = _queue.Enter(8);

        var error = Assert.Throws<RpcException>(() => _queue.Enter(3));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("8 candidates are waiting and 3 more would exceed 10", error.Status.Detail, StringComparison.Ordinal);
        Assert.InRange(RpcErrors.Detail<RetryInfo>(error)!.RetryDelay.ToTimeSpan(), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Enter_AfterOthersLeft_HasRoomAgain()
    {
        for (var call = 0; call < 100; call++)
        {
            using var place = _queue.Enter(10);
            Assert.Throws<RpcException>(() => _queue.Enter(1));
        }
    }
}
