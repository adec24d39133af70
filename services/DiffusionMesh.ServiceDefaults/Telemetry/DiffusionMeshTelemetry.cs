using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DiffusionMesh.ServiceDefaults.Telemetry;

/// <summary>The one source of spans and metrics, and the names of the attributes on them.</summary>
public static class DiffusionMeshTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "DiffusionMesh";

    /// <summary>Identifier of a search.</summary>
    public const string SearchId = "diffusionmesh.search_id";

    /// <summary>How often a search was taken on, from 1.</summary>
    public const string Epoch = "diffusionmesh.epoch";

    /// <summary>Round of a search, from 0.</summary>
    public const string Round = "diffusionmesh.round";

    /// <summary>Identifier of a candidate within its search.</summary>
    public const string Candidate = "diffusionmesh.candidate";

    /// <summary>Identifiers of the candidates that a line of the log is about.</summary>
    public const string Candidates = "diffusionmesh.candidates";

    /// <summary>Identifiers of a candidate's ancestors and its own, the oldest first.</summary>
    public const string Lineage = "diffusionmesh.lineage";

    /// <summary>Denoiser evaluations that a span paid for.</summary>
    public const string Nfe = "diffusionmesh.nfe";

    /// <summary>What evaluations were spent on: search, final or wasted.</summary>
    public const string NfePurpose = "diffusionmesh.nfe_purpose";

    /// <summary>Denoiser evaluations that an earlier run of a search paid for.</summary>
    public const string NfeRecalled = "diffusionmesh.nfe_recalled";

    /// <summary>Why nothing went on from a candidate.</summary>
    public const string PrunedBecause = "diffusionmesh.pruned_because";

    /// <summary>Name of a search algorithm.</summary>
    public const string Algorithm = "diffusionmesh.algorithm";

    /// <summary>Why a search ended.</summary>
    public const string StopReason = "diffusionmesh.stop_reason";

    /// <summary>Network rows that a span paid for.</summary>
    public const string Rows = "diffusionmesh.rows";

    /// <summary>Items in one call.</summary>
    public const string BatchSize = "diffusionmesh.batch_size";

    /// <summary>Name of a model.</summary>
    public const string Model = "diffusionmesh.model";

    /// <summary>Priority of a call: high, normal or low.</summary>
    public const string Priority = "diffusionmesh.priority";

    /// <summary>Name of a verifier.</summary>
    public const string Verifier = "diffusionmesh.verifier";

    /// <summary>Score that a verifier gave.</summary>
    public const string Score = "diffusionmesh.score";

    /// <summary>How far the searched score has run ahead of the held-out one since the first round, in standard deviations.</summary>
    public const string HackingGap = "diffusionmesh.hacking.gap";

    /// <summary>Whether the searched score rose in a round in which the held-out one fell.</summary>
    public const string HackingWarning = "diffusionmesh.hacking.warning";

    /// <summary>What a search went on without, in words.</summary>
    public const string Degradation = "diffusionmesh.degradation";

    /// <summary>Prompt of a search, where the configuration asks for it.</summary>
    public const string Prompt = "diffusionmesh.prompt";

    /// <summary>What a search is guided away from, where the configuration asks for it.</summary>
    public const string NegativePrompt = "diffusionmesh.negative_prompt";

    /// <summary>Metric: searches that nobody has taken on since they were created or resumed.</summary>
    public const string SearchQueueDepth = "diffusionmesh.search.queue.depth";

    /// <summary>Metric: trajectories that a denoiser has accepted and not finished. Deployments scale on it.</summary>
    public const string DenoiserQueueDepth = "diffusionmesh.denoiser.queue.depth";

    /// <summary>Metric: candidates that a verifier has accepted and not answered. Deployments scale on it.</summary>
    public const string VerifierQueueDepth = "diffusionmesh.verifier.queue.depth";

    /// <summary>What an orchestrator calls: denoiser, the name of a configured verifier, or verifier.</summary>
    public const string Dependency = "diffusionmesh.dependency";

    /// <summary>Why a call was made again.</summary>
    public const string RetryReason = "diffusionmesh.retry.reason";

    /// <summary>Which of two calls was done first: won if the second one was, else lost.</summary>
    public const string HedgeOutcome = "diffusionmesh.hedge.outcome";

    /// <summary>Metric: calls that were made again.</summary>
    public const string MeshRetries = "diffusionmesh.mesh.retries";

    /// <summary>Metric: slow calls that were made a second time on another pod.</summary>
    public const string MeshHedges = "diffusionmesh.mesh.hedges";

    /// <summary>Metric: state of the circuit of a dependency.</summary>
    public const string MeshCircuit = "diffusionmesh.mesh.circuit";

    /// <summary>Metric: pods of a dependency that can be reached.</summary>
    public const string MeshPods = "diffusionmesh.mesh.pods";

    /// <summary>Spans of this project.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Metrics of this project.</summary>
    public static Meter Meter { get; } = new(Name);
}
