using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Denoiser;
using DiffusionMesh.Verifier.Clip;
using Condition = DiffusionMesh.Contracts.TensorV1.Condition;

namespace DiffusionMesh.Functional.Tests.Orchestrator;

/// <summary>Denoiser and CLIP verifier as they are deployed, over the embedded models, and an orchestrator before them.</summary>
public sealed class RealMesh : IAsyncLifetime
{
    public RunningHost Denoiser { get; private set; } = null!;

    public RunningHost Verifier { get; private set; } = null!;

    internal OrchestratorMesh Mesh { get; private set; } = null!;

    /// <summary>A small search: 12 candidates of 3 steps, in rounds of 6.</summary>
    public static SearchSpec Spec() => new()
    {
        Condition = new Condition { Prompt = "a photo of an ankle boot" },
        BudgetNfe = 36,
        Steps = 3,
        Parameters = { ["round_size"] = "6" },
        Verifiers = { new VerifierSelection { Name = "clip" } },
    };

    public async Task InitializeAsync()
    {
        Denoiser = await RunningHost.StartAsync(DenoiserHost.Build);
        Verifier = await RunningHost.StartAsync(ClipVerifierHost.Build);
        Mesh = await StartOrchestratorAsync();
    }

    public async Task DisposeAsync()
    {
        await Mesh.DisposeAsync();
        await Verifier.DisposeAsync();
        await Denoiser.DisposeAsync();
    }

    internal Task<OrchestratorMesh> StartOrchestratorAsync(params string[] args) =>
        OrchestratorMesh.StartAsync(Denoiser.Address, [("clip", Verifier.Address)], ["--Orchestrator:DefaultModel=fashion-flow", .. args]);
}
