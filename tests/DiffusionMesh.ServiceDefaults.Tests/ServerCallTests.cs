using System.Diagnostics.Metrics;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Contracts.VerifierV1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;

namespace DiffusionMesh.ServiceDefaults.Tests;

public sealed class ServerCallTests
{
    [Fact]
    public async Task Call_ThatFailsUnforeseen_IsInternalAndKeepsItsSecret()
    {
        await using var host = await DefaultsHost.StartAsync();
        var client = new VerifierService.VerifierServiceClient(host.Channel);

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.DescribeAsync(new DescribeRequest()));

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.DoesNotContain("secret", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_PastItsDeadline_IsDeadlineExceeded()
    {
        await using var host = await DefaultsHost.StartAsync();
        var client = new VerifierService.VerifierServiceClient(host.Channel);

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await client.ScoreAsync(new ScoreRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200)));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Call_LargerThanTheLimit_IsResourceExhausted()
    {
        await using var host = await DefaultsHost.StartAsync("--MaxMessageMebibytes=1");
        var client = new VerifierService.VerifierServiceClient(host.Channel);
        var request = new ScoreRequest { State = ByteString.CopyFrom(new byte[2 << 20]) };

        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ScoreAsync(request));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Call_LargerThanAWebServerTakes_IsRead()
    {
        await using var host = await DefaultsHost.StartAsync(app => app.MapGrpcService<CountingDenoiser>());
        var latent = new Tensor { Data = UnsafeByteOperations.UnsafeWrap(new byte[40 << 20]) };

        var answer = await new DenoiserService.DenoiserServiceClient(host.Channel).DecodeAsync(new DecodeRequest { Latents = { latent } });

        Assert.Single(answer.Images);
    }

    [Fact]
    public async Task Call_Always_IsMeasuredWithItsStatus()
    {
        var measured = new TaskCompletionSource();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "rpc.server.call.duration")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            // Calls of other tests are measured as well.
            KeyValuePair<string, object?>[] all = [.. tags];
            if (all.Contains(new("rpc.method", "diffusionmesh.verifier.v1.VerifierService/Describe")) && all.Contains(new("rpc.response.status_code", "INTERNAL")))
            {
                measured.TrySetResult();
            }
        });
        listener.Start();
        await using var host = await DefaultsHost.StartAsync();

        await Assert.ThrowsAsync<RpcException>(async () => await new VerifierService.VerifierServiceClient(host.Channel).DescribeAsync(new DescribeRequest()));

        await measured.Task.WaitAsync(TimeSpan.FromMinutes(2));
    }

    private sealed class CountingDenoiser : DenoiserService.DenoiserServiceBase
    {
        public override Task<DecodeResponse> Decode(DecodeRequest request, ServerCallContext context) =>
            Task.FromResult(new DecodeResponse { Images = { request.Latents.Select(_ => new Tensor()) } });
    }
}
