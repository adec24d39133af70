using System.Collections.Concurrent;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>
/// A denoiser whose network is one line, for what a real one cannot be made to do at will: images are a function of the
/// noise, and the test decides what happens before each answer.
/// </summary>
internal sealed class ScriptedDenoiser : DenoiserService.DenoiserServiceBase
{
    public const string Digest = "sha256:noise";
    public const int Steps = 5;

    private readonly ConcurrentQueue<SampleRequest> _requests = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answered;

    /// <summary>Is called with the number of trajectories answered so far, before each answer.</summary>
    public Func<int, ServerCallContext, Task> BeforeAnswer { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Changes an answer.</summary>
    public Action<SampleResult> Change { get; init; } = _ => { };

    /// <summary>What it computes on; calls that pin another class are refused.</summary>
    public string ComputeClass { get; init; } = "memory";

    /// <summary>Every Sample call that was not only to be checked.</summary>
    public IReadOnlyCollection<SampleRequest> Requests => _requests;

    /// <summary>Ends once there is one.</summary>
    public Task Asked => _asked.Task;

    public int Answered => Volatile.Read(ref _answered);

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse
        {
            Models =
            {
                new Model
                {
                    Name = "noise",
                    State = ModelState.Ready,
                    Digest = Digest,
                    ComputeClass = ComputeClass,
                    ImageShape = { 4, 4, 1 },
                    AcceptsPrompt = true,
                    Samplers = { "euler", "heun" },
                    Defaults = new SamplingDefaults { Sampler = "euler", Steps = Steps, Guidance = 2 },
                },
            },
        });

    public override async Task Sample(SampleRequest request, IServerStreamWriter<SampleResponse> responseStream, ServerCallContext context)
    {
        Assert.Equal(Digest, request.ModelDigest);
        if (request.ComputeClass.Length > 0 && request.ComputeClass != ComputeClass)
        {
            throw RpcErrors.FailedPrecondition("COMPUTE_CLASS_MISMATCH", $"this is {ComputeClass}, not the pinned {request.ComputeClass}");
        }

        if (request.ValidateOnly)
        {
            return;
        }

        _requests.Enqueue(request);
        _asked.TrySetResult();
        foreach (var trajectory in request.Trajectories)
        {
            await BeforeAnswer(Answered, context);
            var result = Result(trajectory, request.Steps);
            Change(result);
            await responseStream.WriteAsync(new SampleResponse { Result = result });
            Interlocked.Increment(ref _answered);
        }
    }

    private SampleResult Result(Trajectory trajectory, int steps)
    {
        var noise = new float[16];
        NoiseMapping.ToDomain(trajectory.Noise, "noise", new FieldViolations())!.Fill(noise);
        var pixels = Array.ConvertAll(noise, value => (byte)Math.Clamp((value * 40) + 128 + steps, 0, 255));
        return new SampleResult
        {
            TrajectoryId = trajectory.Id,
            Image = TensorMapping.ToMessage(pixels, 4, 4, 1),
            Nfe = steps,
            NetworkRows = 2 * steps,
            Decodes = 1,
            ModelDigest = Digest,
            ComputeClass = ComputeClass,
        };
    }
}
