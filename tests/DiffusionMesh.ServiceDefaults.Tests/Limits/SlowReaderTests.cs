using DiffusionMesh.Contracts.SearchV1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace DiffusionMesh.ServiceDefaults.Tests.Limits;

public sealed class SlowReaderTests
{
    [Fact]
    public async Task Stream_ThatNobodyReads_IsCutOff()
    {
        await using var host = await DefaultsHost.StartAsync(app => app.MapGrpcService<EndlessSearch>(), "--Limits:WriteSeconds=1");

        // Nothing of the answer is read.
        using var call = new SearchService.SearchServiceClient(host.Channel).WatchSearch(new WatchSearchRequest());

        await EndlessSearch.Ended.Task.WaitAsync(TimeSpan.FromMinutes(2));
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.ReadAllAsync().LastAsync().AsTask());
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    internal sealed class EndlessSearch : SearchService.SearchServiceBase
    {
        public static TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task WatchSearch(WatchSearchRequest request, IServerStreamWriter<WatchSearchResponse> responseStream, ServerCallContext context)
        {
            try
            {
                while (true)
                {
                    await responseStream.WriteAsync(new WatchSearchResponse { SearchStarted = new SearchStarted { Orchestrator = new string('x', 1 << 16) } });
                }
            }
            finally
            {
                Ended.TrySetResult();
            }
        }
    }
}
