using DiffusionMesh.Orchestrator.Storage;

namespace DiffusionMesh.Orchestrator.Tests.Storage;

public sealed class CoalescedCallTests
{
    [Fact]
    public async Task Request_AfterACallThatFailed_IsFollowedByACall()
    {
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var call = new CoalescedCall(() =>
        {
            if (first.TrySetResult())
            {
                throw new InvalidOperationException("once");
            }

            second.TrySetResult();
            return Task.CompletedTask;
        });

        call.Request();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await call.DisposeAsync());
        call.Request();

        await second.Task.WaitAsync(TimeSpan.FromMinutes(2));
        await call.DisposeAsync();
    }
}
