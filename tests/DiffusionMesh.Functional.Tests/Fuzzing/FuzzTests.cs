using System.Diagnostics;
using DiffusionMesh.Contracts;
using DiffusionMesh.Contracts.DenoiserV1;
using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Contracts.TensorV1;
using DiffusionMesh.Denoiser;
using DiffusionMesh.Functional.Tests.Orchestrator;
using DiffusionMesh.Functional.Tests.Scorers;
using Google.Protobuf;
using Grpc.Core;

namespace DiffusionMesh.Functional.Tests.Fuzzing;

/// <summary>Whatever is sent, hosts answer it with a status that says what is wrong, and live on.</summary>
[Collection(Alone)]
public sealed class FuzzTests
{
    private const int Runs = 4;
    private const int MostRuns = 32;
    private const long SettledBytes = 2 << 20;
    private const int MaxGrowthThreads = 32;

    // Others would take memory and threads of the same process.
    private const string Alone = "fuzzing";

    [CollectionDefinition(Alone, DisableParallelization = true)]
    public sealed class AloneDefinition;

    [Fact]
    public async Task Denoiser_AnyMessage_IsAnsweredAndLeavesNothing()
    {
        await using var host = await RunningHost.StartAsync(
            DenoiserHost.Build,
            "--Denoiser:Threads=1", "--Denoiser:Admin=true", "--Denoiser:MeasureBatchCurve=false",
            "--Denoiser:MaxSteps=8", "--Denoiser:MaxTrajectories=8", "--Denoiser:MaxPixels=1024", "--Denoiser:MaxXPredictions=4");
        await FuzzAsync(host, Sample(), Decode());
    }

    [Theory]
    [InlineData("clip-score")]
    [InlineData("oracle")]
    public async Task Verifier_AnyMessage_IsAnsweredAndLeavesNothing(string scorer)
    {
        await using var verifier = await RunningScorer.StartAsync(scorer, "--Verifier:MaxBatchSize=8", "--Verifier:MaxImagePixels=65536");
        await FuzzAsync(verifier.Host, verifier.Request(RunningScorer.Images.Take(2)));
    }

    [Fact]
    public async Task Orchestrator_AnyMessage_IsAnsweredAndLeavesNothing()
    {
        await using var mesh = await OrchestratorMesh.StartAsync(
            new ScriptedDenoiser(),
            new ScriptedVerifier(),
            "--Orchestrator:MaxBudgetNfe=1000", "--Orchestrator:MaxCandidates=64", "--Orchestrator:MaxSteps=8");
        var ended = await mesh.RunAsync(OrchestratorMesh.Spec());
        await FuzzAsync(
            mesh.Host,
            new CreateSearchRequest { Spec = OrchestratorMesh.Spec(), RequestId = "a" },
            new GetSearchRequest { SearchId = ended.Id },
            new WatchSearchRequest { SearchId = ended.Id, AfterEvent = 1 },
            new GetSearchImageRequest { SearchId = ended.Id, CandidateId = "0" },
            new CancelSearchRequest { SearchId = ended.Id },
            new ListSearchesRequest { PageSize = 2 });
    }

    private static SampleRequest Sample() => new()
    {
        Model = "fashion-flow-small",
        Steps = 2,
        Sampler = "euler",
        Guidance = 2,
        Options = new SamplingOptions(),
        Outputs = new SampleOutputs { Image = true, Latent = true, XPredictionNoiseLevels = { .5 }, PreviewEverySteps = 1 },
        Trajectories =
        {
            new Trajectory { Id = "noise", Noise = Noise(), Condition = new Condition { ClassLabel = 1 }, NegativeCondition = new Condition { ClassLabel = 2 } },
            new Trajectory { Id = "latent", Latent = Latent(), SamplerNoise = new NoiseAddress { Seed = 2 } },
            new Trajectory { Id = "renoise", Renoise = new Renoise { Latent = Latent(), NoiseLevel = .25, Draw = new NoiseAddress { Seed = 3, Lineage = { 1, 2 } } } },
        },
    };

    private static DecodeRequest Decode() => new() { Model = "fashion-flow-small", Latents = { Latent(), Latent() } };

    private static NoiseExpression Noise() => new()
    {
        Draw = new NoiseAddress { Seed = 1, Lineage = { 0, 1 } },
        Rotations = { new Rotation { Toward = new NoiseAddress { Seed = 4 }, Cosine = .5 } },
    };

    private static Tensor Latent() => TensorMapping.ToMessage(new float[28 * 28], 1, 28, 28);

    private static async Task FuzzAsync(RunningHost host, params IMessage[] good)
    {
        var fuzzed = new FuzzedHost(host, good);
        var taken = new List<(long Bytes, int Threads, long Sent)>();

        // Pools grow now and then, for each core and each size, up to the most that was under way at once. What is never let go
        // of grows by every run.
        for (var run = 0; run < Runs || (run < MostRuns && !HasSettled(taken)); run++)
        {
            Assert.Empty(await fuzzed.RunAsync(FuzzedHost.Seed + run));
            var (bytes, threads) = Taken();
            taken.Add((bytes, threads, fuzzed.BytesSent));
        }

        Assert.True(HasSettled(taken), string.Join(", ", taken));
        Assert.InRange(taken[^1].Threads - taken[0].Threads, int.MinValue, MaxGrowthThreads);

        // Else nothing but the first check was ever reached.
        Assert.True(fuzzed.Answers.GetValueOrDefault(StatusCode.OK) > FuzzedHost.Rounds, string.Join(", ", fuzzed.Answers));
    }

    // Whether a run took hardly more than the one before.
    private static bool HasSettled(IReadOnlyList<(long Bytes, int Threads, long Sent)> taken) => taken.Zip(taken.Skip(1)).Any(
        pair => pair.Second.Bytes - pair.First.Bytes < SettledBytes + ((pair.Second.Sent - pair.First.Sent) / 4));

    private static (long Bytes, int Threads) Taken()
    {
        using var process = Process.GetCurrentProcess();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return (GC.GetTotalMemory(forceFullCollection: true), process.Threads.Count);
    }
}
