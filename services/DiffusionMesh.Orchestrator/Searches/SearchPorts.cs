using DiffusionMesh.Contracts.SearchV1;
using DiffusionMesh.Orchestrator.Mesh;
using DiffusionMesh.Orchestrator.Mesh.Calling;
using DiffusionMesh.Orchestrator.Telemetry;
using Microsoft.Extensions.Options;
using SearchSpec = DiffusionMesh.Search.SearchSpec;

namespace DiffusionMesh.Orchestrator.Searches;

/// <summary>Makes what a search reaches denoisers and verifiers through.</summary>
internal sealed class SearchPorts(
    DenoiserMesh denoiser,
    VerifierMesh verifiers,
    IOptions<OrchestratorOptions> options,
    IOptions<MeshOptions> meshOptions)
{
    public RemoteSampler Sampler(SearchHeader header, SearchSpec spec, SearchTrace trace) => new RemoteSampler(
        spec, new DenoiserTurns(header.Id, header.Spec.Priority), denoiser, Hedges(spec.BudgetNfe), options.Value, trace);

    public SearchVerifiers Verifiers(SearchHeader header, SearchSpec spec, SearchTrace trace) => new(verifiers, header, (i, access) => new RemoteVerifier(
        spec.Verifiers[i],
        header.Verifiers[i].Description,
        new ScoreCalls(spec.Verifiers[i].Name, access, Hedges(header.CandidatesPlanned), options.Value, trace),
        options.Value.ScoreParallelism));

    private HedgeAllowance Hedges(long of) => new(of * Math.Min(meshOptions.Value.HedgePercent, options.Value.MaxWastedPercent) / 100);
}
