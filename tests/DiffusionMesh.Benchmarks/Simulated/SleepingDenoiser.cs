using System.Diagnostics;
using System.Security.Cryptography;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using Google.Protobuf;
using Grpc.Core;

namespace DiffusionMesh.Benchmarks.Simulated;

/// <summary>Denoisers that sleep instead of computing, one on each port: a trajectory after the other, a step after the other.</summary>
internal sealed class SleepingDenoiser(IReadOnlyDictionary<int, SleepingPod> pods, TimeSpan step) : DenoiserService.DenoiserServiceBase
{
    private const int Side = 28;

    private static readonly long Start = Stopwatch.GetTimestamp();

    private static readonly Model Model = new()
    {
        Name = "sleep",
        Version = "1",
        State = ModelState.Ready,
        Digest = "sha256:" + new string('0', 64),
        Form = "flow",
        Prediction = "velocity",
        LatentShape = { 1, Side, Side },
        ImageShape = { Side, Side, 1 },
        AcceptsPrompt = true,
        Defaults = new SamplingDefaults { Sampler = "euler", Steps = 20, Guidance = 1 },
        Samplers = { "euler" },
        Schedules = { "linear" },
        ComputeClass = "sleep",
        Determinism = Determinism.Exact,
    };

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse { Models = { Model } });

    public override async Task Sample(SampleRequest request, IServerStreamWriter<SampleResponse> responseStream, ServerCallContext context)
    {
        if (request.ValidateOnly)
        {
            return;
        }

        var pod = pods[context.GetHttpContext().Connection.LocalPort];
        var done = pod.Take(request.Trajectories.Count, step * request.Steps, Start);
        foreach (var (trajectory, end) in request.Trajectories.Zip(done))
        {
            for (var left = end - Stopwatch.GetElapsedTime(Start); left > TimeSpan.Zero; left = end - Stopwatch.GetElapsedTime(Start))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), context.CancellationToken);
            }

            await responseStream.WriteAsync(new SampleResponse { Result = ResultOf(trajectory, request.Steps) }, context.CancellationToken);
        }
    }

    // No two images are alike, so that each is kept.
    private static SampleResult ResultOf(Trajectory trajectory, int steps)
    {
        var pixels = new byte[Side * Side];
        SHA256.HashData(trajectory.Noise.ToByteArray(), pixels);
        return new SampleResult
        {
            TrajectoryId = trajectory.Id,
            Image = TensorMapping.ToMessage(pixels, Side, Side, 1),
            Nfe = steps,
            NetworkRows = steps,
            ModelDigest = Model.Digest,
            ComputeClass = Model.ComputeClass,
        };
    }
}
